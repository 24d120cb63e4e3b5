#include "server/arena_messages.h"

#include <gtest/gtest.h>
#include <paxid/v1/verification_service.pb.h>

#include <string>
#include <thread>

namespace paxid::server {
namespace {

using Messages = ArenaMessages<v1::VerifyRequest, v1::VerifyResponse>;

void fill(v1::VerifyRequest& request, int claims) {
  for (int i = 0; i < claims; ++i) {
    request.add_claims()->mutable_person_name()->set_surname("ALMBERG" + std::to_string(i));
  }
}

TEST(ArenaMessages, HoldARequestAndAnEmptyResponse) {
  Messages messages;
  auto* one = messages.AllocateMessages();
  EXPECT_EQ(one->request()->ByteSizeLong(), 0u);
  EXPECT_EQ(one->response()->ByteSizeLong(), 0u);
  EXPECT_NE(one->request()->GetArena(), nullptr);
  EXPECT_EQ(one->request()->GetArena(), one->response()->GetArena());
  one->Release();
}

TEST(ArenaMessages, AreOfOneCallAlone) {
  Messages messages;
  auto* first = messages.AllocateMessages();
  auto* second = messages.AllocateMessages();
  fill(*first->request(), 1);
  second->response()->set_sentence("of the second");
  EXPECT_EQ(second->request()->claims_size(), 0);
  EXPECT_TRUE(first->response()->sentence().empty());
  first->Release();
  EXPECT_EQ(second->response()->sentence(), "of the second");
  second->Release();
}

// More than the block that comes with it, freed on another thread.
TEST(ArenaMessages, GrowBeyondTheirBlock) {
  Messages messages;
  auto* one = messages.AllocateMessages();
  fill(*one->request(), 5'000);
  EXPECT_EQ(one->request()->claims(4'999).person_name().surname(), "ALMBERG4999");
  std::thread([one] { one->Release(); }).join();
}

}  // namespace
}  // namespace paxid::server
