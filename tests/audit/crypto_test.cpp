#include "audit/crypto.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "base/hex.h"

namespace paxid::audit {
namespace {

Bytes repeated(std::size_t count, std::uint8_t byte) { return Bytes(count, byte); }

struct HmacVector {
  const char* name;
  Bytes key;
  std::string data;
  const char* mac;
};

// RFC 4231 section 4, test cases 1, 2, 3, 6 and 7: keys shorter than a block and longer.
const HmacVector kVectors[] = {
    {"1", repeated(20, 0x0B), "Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"2",
     {'J', 'e', 'f', 'e'},
     "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {"3", repeated(20, 0xAA), std::string(50, '\xDD'),
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {"6", repeated(131, 0xAA), "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {"7", repeated(131, 0xAA),
     "This is a test using a larger than block-size key and a larger than block-size data. The key "
     "needs to be hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};

TEST(Hmac, IsThatOfTheRfc) {
  for (const HmacVector& vector : kVectors) {
    const ByteView data = bytes_of(vector.data);
    EXPECT_EQ(base::to_hex(hmac_sha256(vector.key, {data})), vector.mac) << vector.name;
    const HmacKey key(vector.key);
    // A key signs again and again, and parts are as good as their concatenation.
    for (std::size_t cut = 0; cut <= data.size(); cut += 3) {
      EXPECT_EQ(base::to_hex(key.mac({data.first(cut), data.subspan(cut)})), vector.mac)
          << vector.name;
    }
  }
}

// FIPS 180-2 appendix B.1 and B.2.
TEST(Sha256, IsThatOfTheStandard) {
  EXPECT_EQ(base::to_hex(sha256({bytes_of("a"), bytes_of("bc")})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 in_pieces;
  in_pieces.update(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmn"));
  in_pieces.update(bytes_of("lmnomnopnopq"));
  EXPECT_EQ(base::to_hex(in_pieces.finish()),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Random, NoncesDoNotComeAgain) {
  std::vector<Id16> drawn;
  for (int i = 0; i < 1000; ++i) drawn.push_back(*random_id());
  std::sort(drawn.begin(), drawn.end());
  EXPECT_EQ(std::unique(drawn.begin(), drawn.end()), drawn.end());
}

}  // namespace
}  // namespace paxid::audit
