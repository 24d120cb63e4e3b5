#include "base/base64.h"

#include <gtest/gtest.h>

#include "base/hex.h"

namespace paxid::base {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST(Base64, Rfc4648Section10Vectors) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(bytes_of(plain)), encoded);
    EXPECT_EQ(from_base64(encoded), bytes_of(plain));
  }
}

TEST(Base64, RefusesWhatIsNotCanonical) {
  for (const char* text :
       {"Zg=", "Zg", "Zh==", " Zg=", "Zg==\n", "Z===", "====", "Zm9v!A==", "Zg==Zg=="}) {
    EXPECT_FALSE(from_base64(text).has_value()) << text;
  }
}

TEST(Base64, ReadsWhatItWrites) {
  std::vector<std::uint8_t> bytes;
  for (int length = 0; length < 600; ++length) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes) << length;
    bytes.push_back(static_cast<std::uint8_t>(length * 151 + length / 7));
  }
}

// Whatever is read is the one text for its bytes.
TEST(Base64, OneTextForEachBytes) {
  const std::string digits = "ABQgwxyz019+/=-_ \n";
  std::size_t read = 0;
  for (const char a : digits) {
    for (const char b : digits) {
      for (const char c : digits) {
        for (const char d : digits) {
          for (const std::string& text :
               {std::string{a, b, c, d}, std::string{'Z', 'm', '9', 'v', a, b, c, d}}) {
            const auto bytes = from_base64(text);
            if (!bytes) continue;
            ++read;
            EXPECT_EQ(to_base64(*bytes), text);
          }
        }
      }
    }
  }
  // 13 digits of the alphabet: any four; three and a pad when the third ends with two zero bits;
  // two and two when the second ends with four.
  EXPECT_EQ(read, 2 * (13 * 13 * 13 * 13 + 13 * 13 * 5 + 13 * 4));
}

TEST(Hex, ReadsWhatItWritesAndEitherCase) {
  EXPECT_EQ(to_hex(std::vector<std::uint8_t>{0x00, 0xff, 0x1a}), "00ff1a");
  EXPECT_EQ(from_hex("00FF1a"), (std::vector<std::uint8_t>{0x00, 0xff, 0x1a}));
  EXPECT_FALSE(from_hex("0").has_value());
  EXPECT_FALSE(from_hex("0g").has_value());
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool is_digit = std::string_view("0123456789abcdefABCDEF").find(c) != std::string::npos;
    EXPECT_EQ(from_hex(std::string{c, '0'}).has_value(), is_digit) << byte;
    EXPECT_EQ(from_hex(std::string{'0', c}).has_value(), is_digit) << byte;
  }
}

}  // namespace
}  // namespace paxid::base
