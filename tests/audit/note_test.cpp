#include "audit/note.h"

#include <gtest/gtest.h>

#include <ostream>

#include "tests/audit/vectors.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

// golang.org/x/mod/sumdb/note, its documentation and tests.
const std::string kPeterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const std::string kPeterSecret = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const std::string kEnochKey = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const std::string kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
const std::string kPeterLine =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const std::string kEnochLine =
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/"
    "5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

std::vector<VerifierKey> keys(std::initializer_list<std::string> vkeys) {
  std::vector<VerifierKey> list;
  for (const std::string& vkey : vkeys) list.push_back(*parse_vkey(vkey));
  return list;
}

TEST(Note, SignsThePublishedNoteByteForByte) {
  const auto secret = base::from_base64(kPeterSecret);
  const auto key = SigningKey::from_seed(ByteView(*secret).subspan(1));
  EXPECT_EQ(*sign_note(kText, "PeterNeumann", *key), kText + "\n" + kPeterLine);
  EXPECT_EQ(to_vkey(verifier_key("PeterNeumann", key->public_key())), kPeterKey);
}

TEST(Note, OpensThePublishedNoteWithTwoSigners) {
  const std::string note = kText + "\n" + kPeterLine + kEnochLine;
  const auto both = open_note(note, keys({kPeterKey, kEnochKey}));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->text, kText);
  EXPECT_EQ(both->signatures.size(), 2u);
  const auto one = open_note(note, keys({kEnochKey}));
  ASSERT_TRUE(one);
  ASSERT_EQ(one->signatures.size(), 1u);
  EXPECT_EQ(one->signatures[0].name, "EnochRoot");
  EXPECT_EQ(open_note(note, {}).error().code, ErrorCode::kPermissionDenied);
}

// c2sp.org/signed-note, section "Example".
TEST(Note, OpensTheExampleOfTheSpecification) {
  const auto opened = open_note(
      "This is an example message.\n\n— example.com/foo "
      "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
      "\n",
      keys({"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->text, "This is an example message.\n");
}

// c2sp.org/signed-note, the note at the top: its text holds an empty line.
TEST(Note, ReadsATextWithAnEmptyLine) {
  const std::string note =
      "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito "
      "sera.\n\n"
      "— quasimodo.example/salvatore "
      "NnugSzTjtVAewIS+Z/iJhUPeFDkO/"
      "5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
  const auto parsed = parse_note(note);
  ASSERT_TRUE(parsed);
  EXPECT_TRUE(parsed->text.ends_with("\n\ned è subito sera.\n"));
  EXPECT_EQ(parsed->signatures[0].key_id, 0x367ba04bu);
  EXPECT_EQ(to_text(*parsed), note);
}

TEST(Note, AWrongSignatureOfATrustedKeyRefusesTheNote) {
  std::string wrong = kPeterLine;
  wrong[wrong.size() - 10] = wrong[wrong.size() - 10] == 'A' ? 'B' : 'A';
  const std::string note = kText + "\n" + kEnochLine + wrong;
  EXPECT_EQ(open_note(note, keys({kPeterKey, kEnochKey})).error().code,
            ErrorCode::kPermissionDenied);
  EXPECT_TRUE(open_note(note, keys({kEnochKey})));
}

TEST(Note, TheSameSignatureTwiceCountsOnce) {
  const auto opened = open_note(kText + "\n" + kPeterLine + kPeterLine, keys({kPeterKey}));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->signatures.size(), 1u);
}

TEST(Note, EveryChangedCharacterOfTheTextIsRefused) {
  const auto trusted = keys({kPeterKey});
  for (std::size_t i = 0; i < kText.size(); ++i) {
    std::string changed = kText;
    changed[i] = changed[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(open_note(changed + "\n" + kPeterLine, trusted)) << i;
  }
}

struct Malformed {
  const char* name;
  std::string note;
  friend void PrintTo(const Malformed& self, std::ostream* out) { *out << self.name; }
};
class MalformedNote : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedNote, IsRefused) {
  const auto parsed = parse_note(GetParam().note);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kInvalidArgument);
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

INSTANTIATE_TEST_SUITE_P(
    Note, MalformedNote,
    testing::Values(Malformed{"Empty", ""}, Malformed{"TextAlone", kText},
                    Malformed{"NoSignature", kText + "\n"},
                    Malformed{"NoFinalNewline",
                              kText + "\n" + kPeterLine.substr(0, kPeterLine.size() - 1)},
                    Malformed{"ControlCharacter", "\x01" + kText + "\n" + kPeterLine},
                    Malformed{"CarriageReturn", "a\r\n\n" + kPeterLine},
                    Malformed{"NotUtf8", "\xff" + kText + "\n" + kPeterLine},
                    Malformed{"SpaceInName", kText + "\n— Bad Name x08go/ZJkuBS\n"},
                    Malformed{"NoBreakSpaceInName", kText + "\n— Bad\u00A0Name x08go/ZJkuBS\n"},
                    Malformed{"PlusInName", kText + "\n— Bad+Name x08go/ZJkuBS\n"},
                    Malformed{"EmptyName", kText + "\n—  x08go/ZJkuBS\n"},
                    Malformed{"HyphenForDash", kText + "\n- PeterNeumann x08go/ZJkuBS\n"},
                    Malformed{"NotBase64", kText + "\n— PeterNeumann x08go/ZJku*S\n"},
                    Malformed{"KeyIdAlone", kText + "\n— PeterNeumann x08gow==\n"},
                    Malformed{"NameAlone", kText + "\n— PeterNeumann\n"},
                    Malformed{"FurtherLine", kText + "\n" + kPeterLine + "Unexpected line.\n"},
                    Malformed{"TooManySignatures", kText + "\n" + repeated(kPeterLine, 101)},
                    Malformed{"TooLarge", std::string(kMaxNoteBytes, 'x') + "\n\n" + kPeterLine}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Note, AHundredSignaturesAreRead) {
  EXPECT_TRUE(parse_note(kText + "\n" + repeated(kPeterLine, 100)));
}

TEST(Note, TextsThatCannotBeSigned) {
  const auto key = SigningKey::generate();
  EXPECT_FALSE(sign_note("no newline", "name", *key));
  EXPECT_FALSE(sign_note("tab\t\n", "name", *key));
  EXPECT_FALSE(sign_note("\xff\n", "name", *key));
  EXPECT_FALSE(sign_note("text\n", "bad name", *key));
  EXPECT_FALSE(sign_note("text\n", "", *key));
}

TEST(VerifierKey, PublishedKeysAreReadAndWritten) {
  for (const std::string& vkey :
       {kPeterKey, kEnochKey,
        std::string("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"),
        std::string("TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6")}) {
    const auto key = parse_vkey(vkey);
    ASSERT_TRUE(key) << vkey;
    EXPECT_EQ(to_vkey(*key), vkey);
  }
}

// The manglings of note_test.go: every proper part, every character changed, a longer key
// and another algorithm with key ids that fit them.
TEST(VerifierKey, MangledKeysAreRefused) {
  for (std::size_t i = 0; i < kPeterKey.size(); ++i) {
    for (std::size_t j = i + 1; j <= kPeterKey.size(); ++j) {
      if (i == 0 && j == kPeterKey.size()) continue;
      EXPECT_FALSE(parse_vkey(kPeterKey.substr(i, j - i)));
    }
    std::string changed = kPeterKey;
    ++changed[i];
    EXPECT_FALSE(parse_vkey(changed)) << changed;
  }
  EXPECT_FALSE(
      parse_vkey("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY=="));
  EXPECT_FALSE(parse_vkey("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  EXPECT_FALSE(parse_vkey("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
}

}  // namespace
}  // namespace paxid::audit
