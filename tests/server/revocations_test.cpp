#include "server/revocations.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace paxid::server {
namespace {

constexpr const char* kList = R"(
[[revoked]]
uri = "spiffe://test/tenant/demo/kiosk/k1"
serial = "4f0c"
at = "2026-11-23"
[[revoked]]
uri = "spiffe://test/tenant/demo/kiosk/k1"
serial = "5f0c"
[[revoked]]
uri = "spiffe://test/tenant/demo/agent/g1"
)";

bool denies(const DenyList& list, const char* uri, std::optional<std::string> serial) {
  return list.denies(uri, [&] { return serial; });
}

TEST(DenyList, DeniesACertificateOrAllOfAUri) {
  const auto list = DenyList::parse(kList);
  ASSERT_TRUE(list.has_value()) << list.error().message;
  EXPECT_EQ(list->size(), 3U);
  const char* kiosk = "spiffe://test/tenant/demo/kiosk/k1";
  EXPECT_TRUE(denies(*list, kiosk, "4f0c"));
  EXPECT_TRUE(denies(*list, kiosk, "5f0c"));
  EXPECT_FALSE(denies(*list, kiosk, "6f0c"));
  EXPECT_TRUE(denies(*list, kiosk, std::nullopt));
  EXPECT_TRUE(denies(*list, "spiffe://test/tenant/demo/agent/g1", "6f0c"));
  EXPECT_FALSE(denies(*list, "spiffe://test/tenant/demo/agent/g2", "4f0c"));
  EXPECT_FALSE(denies(*list, "spiffe://test/tenant/demo/agent/g2", std::nullopt));
}

TEST(DenyList, AnEmptyTextDeniesNobody) {
  const auto list = DenyList::parse("# nobody\n");
  ASSERT_TRUE(list.has_value());
  EXPECT_TRUE(list->empty());
}

TEST(DenyList, SaysWhatIsWrong) {
  const auto field_of = [](const char* text) {
    const auto list = DenyList::parse(text);
    return list ? std::string("right") : list.error().field;
  };
  EXPECT_EQ(field_of("[[revoke]]\nuri = \"a:b\""), "revoke");
  EXPECT_EQ(field_of("revoked = 3"), "revoked");
  EXPECT_EQ(field_of("revoked = [3]"), "revoked[0]");
  EXPECT_EQ(field_of("[[revoked]]\nserial = \"4f\""), "revoked[0].uri");
  EXPECT_EQ(field_of("[[revoked]]\nuri = \"k1\""), "revoked[0].uri");
  EXPECT_EQ(field_of("[[revoked]]\nuri = 3"), "revoked[0].uri");
  EXPECT_EQ(field_of("[[revoked]]\nuri = \"a:b\"\nserial = \"4F\""), "revoked[0].serial");
  EXPECT_EQ(field_of("[[revoked]]\nuri = \"a:b\"\nserial = \"04f\""), "revoked[0].serial");
  EXPECT_EQ(field_of("[[revoked]]\nuri = \"a:b\"\nserial = \"\""), "revoked[0].serial");
  EXPECT_EQ(field_of("[[revoked]]\nuri = \"a:b\"\nwhy = \"x\""), "revoked[0].why");
  EXPECT_EQ(field_of("[[revoked]\n"), "line 1");
}

TEST(Revocations, AFileThatIsWrongChangesNothing) {
  const std::string file = testing::TempDir() + "/paxid_deny_list.toml";
  std::ofstream(file) << kList;
  auto list = Revocations::load(file);
  ASSERT_TRUE(list.has_value());
  Revocations revocations(std::move(*list), file);
  const auto denied = [&](const char* uri) {
    return revocations.denies(uri, [] { return std::optional<std::string>("1"); });
  };
  EXPECT_TRUE(denied("spiffe://test/tenant/demo/agent/g1"));
  std::ofstream(file) << "broken";
  EXPECT_FALSE(revocations.reload().has_value());
  EXPECT_TRUE(denied("spiffe://test/tenant/demo/agent/g1"));
  std::ofstream(file) << "[[revoked]]\nuri = \"spiffe://test/x\"\n";
  EXPECT_EQ(revocations.reload(), 1U);
  EXPECT_FALSE(denied("spiffe://test/tenant/demo/agent/g1"));
  EXPECT_TRUE(denied("spiffe://test/x"));
  std::remove(file.c_str());
  EXPECT_FALSE(revocations.reload().has_value());
  EXPECT_FALSE(Revocations::load(file).has_value());
  EXPECT_TRUE(Revocations::load("")->empty());
}

}  // namespace
}  // namespace paxid::server
