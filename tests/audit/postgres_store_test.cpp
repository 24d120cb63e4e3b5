#include "audit/postgres_store.h"

#include <gtest/gtest.h>

#include "tests/audit/postgres_backend.h"
#include "tests/audit/store_fixture.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

TEST_F(StoreTest, AnAnswerIsAPromiseThatIsKept) {
  open();
  const auto promised = append_async(*store_, record(1)).get();
  ASSERT_TRUE(promised) << promised.error().message;
  EXPECT_NE(promised->promise, "");
  EXPECT_EQ(text(promised->response), "CANARYRESPONSE to 1");
  EXPECT_EQ(*store_->tree_size("qf"), 1u);
}

}  // namespace
}  // namespace paxid::audit
