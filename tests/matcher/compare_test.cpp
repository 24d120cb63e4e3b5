#include "matcher/compare.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

namespace paxid::matcher {
namespace {

PreparedName full(const std::string& text, const std::string& language = "") {
  NameText name;
  name.full = text;
  name.language = language;
  return prepare(name);
}

Comparison between(const std::string& a, const std::string& b) { return compare(full(a), full(b)); }
double bits(const std::string& a, const std::string& b) { return between(a, b).log_odds; }

double believed(const std::string& a, const std::string& b) {
  return confidence(between(a, b), 0.5);
}

// Invented names and common ones, in the shapes that names come in.
const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {"JOHN SMITH",
                                               "SMITH/JOHN MR",
                                               "SMITH<<JOHN",
                                               "Smith, John",
                                               "JOHNPAUL DELACRUZ",
                                               "JOHN PAUL DE LA CRUZ",
                                               "MÜLLER HANS",
                                               "MUELLER HANS",
                                               "MARIO ROSSI",
                                               "MARIA ROSSI",
                                               "Юлия Щербакова",
                                               "IULIIA SHCHERBAKOVA",
                                               "محمد عبد الله",
                                               "MOHAMED ABDULLAH",
                                               "김민지",
                                               "KIM MINJI",
                                               "A B C D E F G H",
                                               "VAN DER BERG PIET",
                                               "BERG PIET",
                                               "SUHARTO",
                                               "SUHARTO SUHARTO",
                                               "FNU SUHARTO",
                                               "KUMAR RAMESH",
                                               "RAMESH KUMAR",
                                               "GARCÍA LÓPEZ CARLOS",
                                               "JOHN SMITH JR",
                                               "JOHN SMITH SR",
                                               "E Y",
                                               "習近平",
                                               "",
                                               "12 34",
                                               "ALEXANDRA MARIA ANNA SOPHIE LUISE BERG"};
  return all;
}

TEST(Compare, IsSymmetricAndItsReasonsSumUp) {
  for (const auto& a : names()) {
    for (const auto& b : names()) {
      const Comparison there = between(a, b);
      const Comparison back = between(b, a);
      EXPECT_EQ(there.log_odds, back.log_odds) << a << " | " << b;
      EXPECT_EQ(confidence(there, 0.3), confidence(back, 0.3));
      ASSERT_EQ(there.reasons.size(), back.reasons.size());
      double sum = 0;
      for (std::size_t i = 0; i < there.reasons.size(); ++i) {
        EXPECT_EQ(there.reasons[i].code, back.reasons[i].code);
        EXPECT_EQ(there.reasons[i].a, back.reasons[i].b);
        EXPECT_EQ(there.reasons[i].b, back.reasons[i].a);
        EXPECT_EQ(there.reasons[i].bits, back.reasons[i].bits);
        sum += there.reasons[i].bits;
      }
      EXPECT_EQ(sum, there.log_odds);
      EXPECT_FALSE(there.reasons.empty());
      EXPECT_EQ(there.surname.missing_a, back.surname.missing_b);
      EXPECT_EQ(there.whole.relation, back.whole.relation);
    }
  }
}

TEST(Compare, NothingIsBetterThanTheNameItself) {
  for (const auto& a : names()) {
    if (!between(a, a).opinion) continue;
    for (const auto& b : names()) {
      const Comparison other = between(a, b);
      if (other.family != between(a, a).family) continue;
      EXPECT_GE(bits(a, a), other.log_odds) << a << " | " << b;
    }
  }
}

TEST(Compare, AContradictionAddedNeverHelps) {
  for (const auto& [a, b] :
       std::vector<std::pair<std::string, std::string>>{{"JOHN SMITH", "JOHN SMITH"},
                                                        {"MÜLLER HANS", "MUELLER HANS"},
                                                        {"JOHN SMITH", "JON SMITH"},
                                                        {"KARINA SOKOLOVA", "MARINA SOKOLOVA"}}) {
    EXPECT_LT(bits(a + " WOLFGANG", b + " ZBIGNIEW"), bits(a, b)) << a;
  }
}

TEST(Compare, DoesNotDependOnCaseOrNormalForm) {
  EXPECT_EQ(bits("mu\xCC\x88ller hans", "JOHN"), bits("MÜLLER HANS", "JOHN"));
  EXPECT_EQ(bits("müller hans", "Mueller Hans"), bits("MÜLLER HANS", "MUELLER HANS"));
  EXPECT_EQ(bits("юлия щербакова", "yulia"), bits("ЮЛИЯ ЩЕРБАКОВА", "YULIA"));
}

TEST(Compare, HasNoOpinionOnUnknownScriptsAndEmptyNames) {
  const Comparison khmer = between("ប៉ុល ពត", "POL POT");
  EXPECT_FALSE(khmer.opinion);
  EXPECT_EQ(khmer.log_odds, 0);
  ASSERT_EQ(khmer.reasons.size(), 1U);
  EXPECT_EQ(khmer.reasons[0].code, ReasonCode::kUnsupportedScript);
  EXPECT_EQ(khmer.reasons[0].a, "Zzzz");
  EXPECT_EQ(confidence(khmer, 0.25), 0.25);
  for (const char* empty : {"", "12", "XXX/XXX MR", "TBA"}) {
    const Comparison none = between(empty, "ADAM KOWALSKI");
    EXPECT_FALSE(none.opinion) << empty;
    EXPECT_EQ(none.reasons.at(0).code, ReasonCode::kNoName) << empty;
  }
  EXPECT_FALSE(compare(PreparedName(), full("JOHN")).opinion);
}

TEST(Compare, SeparatesALapseFromAnotherName) {
  EXPECT_LT(bits("MARIO ROSSI", "MARIA ROSSI") + 2, bits("MARIO ROSSI", "MARIP ROSSI"));
  EXPECT_LT(bits("KARINA SOKOLOVA", "MARINA SOKOLOVA"), bits("KARINA SOKOLOVA", "KAEINA SOKOLOVA"));
  EXPECT_LT(believed("ROSSI GIOVANNI", "ROSSI GIOVANNA"), 0.5);
}

TEST(Compare, MissingIsCheapAndContradictingDear) {
  // A gap of at least 3 bits between a name left out and another name.
  EXPECT_GE(bits("VALERY NIKOLAEVICH ERMAKOV", "VALERY ERMAKOV"),
            bits("VALERY NIKOLAEVICH ERMAKOV", "VALERY KONSTANTINOVICH ERMAKOV") + 3);
  EXPECT_GT(believed("JOHN ALEXANDER SMITH", "JOHN SMITH"), 0.8);
  EXPECT_LT(believed("JOHN ALEXANDER SMITH", "JOHN ROBERT SMITH"), 0.5);
}

TEST(Compare, JudgesShortNamesByTheirLetters) {
  EXPECT_GT(believed("JON SMITH", "JOHN SMITH"), 0.6);
  EXPECT_GT(believed("ANN LEE", "ANNE LEE"), 0.6);
  EXPECT_LT(believed("LI WU", "LU WU"), 0.5);
}

TEST(Compare, ReadsScriptsThroughTheirSpellings) {
  for (const auto& [native, latin, other] : std::vector<std::array<const char*, 3>>{
           {"Юлия Щербакова", "YULIA SCHERBAKOVA", "ELENA PETROVA"},
           {"محمد الرشيد", "MOHAMMED AL RASHID", "HASSAN AL QAHTANI"},
           {"Γιώργος Παπαδόπουλος", "GIORGOS PAPADOPOULOS", "NIKOS STAVROU"},
           {"박민지", "PARK MIN JI", "KIM SOO YEON"},
           {"יוסף מזרחי", "YOSEF MIZRAHI", "MOSHE LEVI"}}) {
    const Comparison same = between(native, latin);
    EXPECT_EQ(same.family, Family::kCrossScript);
    EXPECT_GT(confidence(same, 0.5), 0.7) << latin;
    EXPECT_LT(believed(native, other), 0.3) << other;
  }
}

// The codes of all reasons that hold the text on either side.
std::vector<ReasonCode> codes_of(const Comparison& comparison, const std::string& text) {
  std::vector<ReasonCode> codes;
  for (const Reason& reason : comparison.reasons) {
    if (reason.a == text || reason.b == text) codes.push_back(reason.code);
  }
  return codes;
}

TEST(Honorific, AloneIsTheName) {
  EXPECT_TRUE(between("SHEIKH", "SHEIKH").opinion);
  EXPECT_GT(bits("SHEIKH", "SHEIKH"), 0);
  EXPECT_GT(compare(full("شیخ", "ur"), full("SHEIKH")).log_odds, 0);
}

TEST(WesternName, OfAChineseIsMissingAndContradictsNothing) {
  const std::vector<ReasonCode> missing = {ReasonCode::kMissing};
  for (const char* latin : {"CHAN PETER", "Peter Chan", "CHAN/PETER MR", "CHAN<<PETER"}) {
    const Comparison comparison = between("陳大文", latin);
    EXPECT_EQ(codes_of(comparison, "PETER"), missing) << latin;
    EXPECT_EQ(codes_of(comparison, "大文"), missing) << latin;
  }
  // Beside a reading of the native given name it is one more name.
  EXPECT_EQ(codes_of(between("陳大文", "CHAN TAI MAN PETER"), "PETER"), missing);
  EXPECT_GT(bits("陳大文", "CHAN TAI MAN PETER"), bits("陳大文", "CHAN PETER"));
  EXPECT_LT(bits("陳大文", "CHAN PETER"), bits("陳大文", "CHAN TAI MAN"));
}

TEST(JapaneseName, WithoutACertainReadingAgreesOrSaysNothing) {
  const auto japanese = [](const std::string& name, const std::string& latin) {
    return compare(full(name, "ja"), full(latin));
  };
  // The dictionary knows 大谷 and not 翔平.
  EXPECT_EQ(codes_of(japanese("大谷翔平", "OHTANI SHOHEI"), "翔平"),
            std::vector{ReasonCode::kTransliteration});
  const Comparison other = japanese("大谷翔平", "OHTANI KENTA");
  EXPECT_EQ(codes_of(other, "翔平"), std::vector{ReasonCode::kMissing});
  EXPECT_EQ(codes_of(other, "KENTA"), std::vector{ReasonCode::kMissing});
  EXPECT_LT(other.log_odds, japanese("大谷翔平", "OHTANI SHOHEI").log_odds);
  EXPECT_LT(confidence(japanese("大谷翔平", "SUZUKI SHOHEI"), 0.5), 0.5);
  // Nothing in it is certain.
  EXPECT_FALSE(japanese("翔平", "KENTA").opinion);
  EXPECT_EQ(japanese("翔平", "KENTA").unsupported, transliteration::Script::kHan);
  EXPECT_TRUE(japanese("佐藤健", "SATO TAKERU").opinion);
  EXPECT_EQ(codes_of(japanese("佐藤健", "SATO KENJI"), "健"),
            std::vector{ReasonCode::kContradiction});
}

TEST(WesternName, HelpsNoOtherReadingAndNoOtherSurname) {
  // A reading that is wrong goes on to contradict, and so does another surname.
  EXPECT_LT(believed("陳大文", "CHAN SIU MING"), 0.1);
  EXPECT_LT(believed("陳大文", "CHAN SIU MING PETER"), 0.1);
  EXPECT_LT(believed("陳大文", "WONG PETER"), 0.1);
  // Hangul writes Western names too (존 카니).
  EXPECT_LT(believed("존 카니", "JOHN STEVENS"), 0.1);
}

TEST(OneOfTwo, IsOneNameThatAgreesAndOneThatContradicts) {
  for (const auto& [a, b] :
       std::vector<std::pair<const char*, const char*>>{{"MARIO ROSSI", "MARIO KOWALSKI"},
                                                        {"ROSSI/MARIO MR", "KOWALSKI MARIO"},
                                                        {"MARIO ROSSI", "ANTONIO ROSSI JR"},
                                                        {"JOHNPAUL ROSSI", "JOHN PAUL KOWALSKI"}}) {
    EXPECT_TRUE(between(a, b).one_of_two) << a << " | " << b;
  }
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"MARIO ROSSI", "MARIO ROSSI"},
           {"MARIO ROSSI", "MARIP KOWALSKI"},        // a slip is not agreement
           {"MARIO ROSSI", "MARIA ROSSI"},           // another name, but a letter away
           {"MARIO ROSSI", "MARIO"},                 // missing
           {"MARIO LUCA ROSSI", "MARIO KOWALSKI"},   // one more is missing
           {"MARIO LUCA ROSSI", "MARIO LUCA WOLF"},  // two agree
           {"MARIO ROSSI", "JAN KOWALSKI"}}) {
    EXPECT_FALSE(between(a, b).one_of_two) << a << " | " << b;
  }
}

TEST(Contradiction, TakesBackWhatARareNameSaid) {
  // Of two rare surnames that agree with a common one instead, the rare one says more, unless
  // another name contradicts: relatives share rare names, too.
  const auto gain = [](const std::string& given, const std::string& other) {
    return bits(given + " BARTOLOMEOWICZ", other + " BARTOLOMEOWICZ") -
           bits(given + " SMITH", other + " SMITH");
  };
  EXPECT_GT(gain("MARIO", "MARIO"), 1);
  EXPECT_LT(gain("MARIO", "KENNETH"), gain("MARIO", "MARIO") - 1);
  EXPECT_LT(gain("MARIO", "MARIA"), gain("MARIO", "MARIO") - 1);
}

TEST(Contradiction, OfFamilyNamesFromOneStemIsNoNickname) {
  // HOWELL and HOWARD share a stem as LUNDBERG and LUNDQVIST do; given names that are as alike may
  // be pet forms.
  EXPECT_LT(bits("EMMA LUNDBERG", "EMMA LUNDQVIST"), bits("EMMA LUNDBERG", "EMMA LUNDBERG") - 6);
}

TEST(Confidence, RisesWithTheLogOddsAndThePrior) {
  for (const auto& [family, one_of_two] :
       {std::pair{Family::kLatin, false}, std::pair{Family::kLatin, true},
        std::pair{Family::kCrossScript, false}, std::pair{Family::kCrossScript, true},
        std::pair{Family::kSameNativeScript, false}}) {
    Comparison comparison;
    comparison.opinion = true;
    comparison.family = family;
    comparison.one_of_two = one_of_two;
    double last = -1;
    for (double z = -60; z <= 60; z += 0.25) {
      comparison.log_odds = z;
      const double now = confidence(comparison, 0.5);
      EXPECT_GT(now, last) << z;
      EXPECT_GT(now, 0);
      EXPECT_LT(now, 1);
      EXPECT_LT(now, confidence(comparison, 0.9));
      last = now;
    }
    EXPECT_TRUE(std::isfinite(confidence(comparison, 0)));
    EXPECT_TRUE(std::isfinite(confidence(comparison, 1)));
  }
}

TEST(AlignLetters, MarksWhatDiffers) {
  const AlignedLetters changed = align_letters("MARIO", "MARIA");
  EXPECT_EQ(changed.marks, "    ^");
  const AlignedLetters dropped = align_letters("JOHN", "JON");
  EXPECT_EQ(dropped.b, "JO_N");
  EXPECT_EQ(dropped.marks, "  ^ ");
  const AlignedLetters native = align_letters("МАРИЯ", "МАРИ");
  EXPECT_EQ(native.b, "МАРИ_");
  EXPECT_EQ(align_letters("", "AB").a, "__");
}

TEST(Names, OfCodesAreAllDifferentAndSourcesReadBack) {
  std::vector<std::string> seen;
  for (int i = 0; i <= static_cast<int>(ReasonCode::kTooLong); ++i) {
    seen.emplace_back(name_of(static_cast<ReasonCode>(i)));
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  for (const Source source : {Source::kTyped, Source::kBooking, Source::kBoardingPass, Source::kMrz,
                              Source::kVisual, Source::kChip}) {
    EXPECT_EQ(source_from(name_of(source)), source);
  }
  EXPECT_FALSE(source_from("passport"));
}

}  // namespace
}  // namespace paxid::matcher
