#include "audit/log_name.h"

#include <gtest/gtest.h>

#include <string>

namespace paxid::audit {
namespace {

TEST(LogName, ATenantIsALabelOfAHostName) {
  for (const std::string& name :
       {std::string("q"), std::string("7"), std::string("qf"), std::string("q-f"),
        std::string("other-1"), std::string(63, 'a')}) {
    EXPECT_TRUE(is_tenant(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string("-"), std::string("-qf"), std::string("qf-"), std::string("QF"),
        std::string("q f"), std::string("q/f"), std::string(".."), std::string("q_f"),
        std::string("q\0f", 3), std::string("ü"), std::string(64, 'a')}) {
    EXPECT_FALSE(is_tenant(name)) << name;
  }
}

TEST(LogName, AnOriginPrefixIsAKeyName) {
  for (const std::string& prefix : {std::string("a"), std::string("audit.example"),
                                    std::string("paxid.example/log"), std::string(180, 'a')}) {
    EXPECT_TRUE(is_origin_prefix(prefix)) << prefix;
  }
  for (const std::string& prefix :
       {std::string(), std::string("a b"), std::string("a+b"), std::string("a\tb"),
        std::string("a\nb"), std::string("a\x01"), std::string("\xC2\xA0"), std::string("\xFF"),
        std::string(181, 'a')}) {
    EXPECT_FALSE(is_origin_prefix(prefix)) << prefix;
  }
}

}  // namespace
}  // namespace paxid::audit
