#include "audit/promise.h"

#include <gtest/gtest.h>

#include "audit/checkpoint.h"
#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

class Promise : public testing::Test {
 protected:
  SigningKey key_ = *SigningKey::from_seed(Bytes(32, 7));
  std::string origin_ = "audit.example/qf";
  std::vector<VerifierKey> trusted_{verifier_key(origin_, key_.public_key())};
  InclusionPromise promise_{origin_, filled_hash(0), 1763827200000000};
};

TEST_F(Promise, IsWrittenAsDocumentedAndOpensAgain) {
  const auto note = sign_promise(promise_, key_);
  ASSERT_TRUE(note);
  EXPECT_TRUE(note->starts_with(
      "paxid/inclusion-promise/v1\naudit.example/qf\n"
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n1763827200000000\n\n— audit.example/qf "));
  EXPECT_EQ(*open_promise(*note, trusted_, origin_), promise_);
}

TEST_F(Promise, OfAnotherLogOrKeyIsRefused) {
  const std::string note = *sign_promise(promise_, key_);
  EXPECT_EQ(open_promise(note, trusted_, "audit.example/ba").error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(open_promise(note, {}, origin_).error().code, ErrorCode::kPermissionDenied);
}

TEST_F(Promise, EveryChangedCharacterIsRefused) {
  const std::string note = *sign_promise(promise_, key_);
  const std::size_t end = note.find("\n\n");
  for (std::size_t i = 0; i < end; ++i) {
    std::string changed = note;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(open_promise(changed, trusted_, origin_)) << i;
  }
}

// One key signs both kinds of note: neither may pass for the other.
TEST_F(Promise, IsNoCheckpointAndACheckpointIsNoPromise) {
  const std::string promise = *sign_promise(promise_, key_);
  const std::string checkpoint = *sign_checkpoint({origin_, 1, filled_hash(1), {}}, key_);
  EXPECT_FALSE(open_checkpoint(promise, trusted_, origin_));
  EXPECT_FALSE(open_promise(checkpoint, trusted_, origin_));
}

TEST_F(Promise, SignedTextsOfAnotherFormAreRefused) {
  const std::string hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
  const std::string header = "paxid/inclusion-promise/v1\n" + origin_ + "\n";
  for (const std::string& text :
       {header + hash, header + hash + "1\n1\n", header + hash + "01\n", header + "AAAA\n1\n",
        "paxid/inclusion-promise/v2\n" + origin_ + "\n" + hash + "1\n"}) {
    const std::string note = *sign_note(text, origin_, key_);
    EXPECT_EQ(open_promise(note, trusted_, origin_).error().code, ErrorCode::kInvalidArgument)
        << text;
  }
}

}  // namespace
}  // namespace paxid::audit
