#include "bcbp/name_candidate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace paxid::bcbp {
namespace {

std::string show(const NameCandidate& name) {
  std::string text = name.surname + "|" + name.given + "|" + name.title;
  if (!name.suffix.empty()) text += "|" + name.suffix;
  if (!name.ptc.empty()) text += "|" + name.ptc;
  return text;
}

bool holds(const std::vector<NameCandidate>& names, const std::string& wanted) {
  return std::any_of(names.begin(), names.end(),
                     [&](const NameCandidate& name) { return show(name) == wanted; });
}

struct NameCase {
  std::string text;
  std::string first;                // the likeliest reading
  std::vector<std::string> others;  // readings that must be there too
};

TEST(NameCandidates, ReadTheConventionsOfAirlines) {
  const NameCase cases[] = {
      {"SMITH/JOHN", "SMITH|JOHN|", {}},
      {"SMITH/JOHN MR", "SMITH|JOHN|MR", {}},
      {"smith/john mr", "SMITH|JOHN|MR", {}},
      {"SMITH/JOHNMR", "SMITH|JOHN|MR", {"SMITH|JOHNMR|"}},
      {"SMITH/SAMMRS", "SMITH|SAM|MRS", {"SMITH|SAMMRS|"}},
      {"SMITH/TOMMY MSTR CHD", "SMITH|TOMMY|MSTR|CHD", {}},
      {"SMITH/TOMMYMSTRCHD", "SMITH|TOMMY|MSTR|CHD", {}},
      {"MUELLER/HANS PROF DR", "MUELLER|HANS|PROF DR", {}},
      {"MUELLER/HANSDRMR", "MUELLER|HANS|DR MR", {}},
      {"KIM/SAM MX", "KIM|SAM|MX", {}},
      {"HASSAN/AMR", "HASSAN|AMR|", {"HASSAN|A|MR"}},
      {"HASSAN/AMRMR", "HASSAN|AMR|MR", {}},
      {"IVANOV/ALEXANDR", "IVANOV|ALEXANDR|", {"IVANOV|ALEXAN|DR"}},
      {"KHAN/NASIR", "KHAN|NASIR|", {"KHAN|NA|SIR"}},
      {"HADDAD/BADR", "HADDAD|BADR|", {"HADDAD|BA|DR"}},
      {"WEBER/HANSDR", "WEBER|HANS|DR", {"WEBER|HANSDR|"}},
      {"SMITH/ADAMS", "SMITH|ADAMS|", {"SMITH|ADA|MS"}},
      {"CHAN/UMR", "CHAN|U|MR", {"CHAN|UMR|"}},
      {"GRAHAM/TMR", "GRAHAM|T|MR", {"GRAHAM|TMR|"}},
      {"DREW/SIRI", "DREW|SIRI|", {}},
      {"OLSEN JR/JOHN MR", "OLSEN|JOHN|MR|JR", {}},
      {"OLSENJR/JOHN MR", "OLSEN|JOHN|MR|JR", {"OLSENJR|JOHN|MR"}},
      {"PETERSON/MATTHEW IAN III MR", "PETERSON|MATTHEW IAN|MR|III", {}},
      {"SMITH/JOHN II", "SMITH|JOHN||II", {}},
      {"CHERNOVSKII/PETR", "CHERNOVSKII|PETR|", {}},
      {"GAYATRI/FNU", "GAYATRI||", {}},
      {"RAHIM/FNU MR", "RAHIM||MR", {}},
      {"LNU/SUHARTO MR", "|SUHARTO|MR", {}},
      {"SUHARTO/SUHARTO MR", "SUHARTO|SUHARTO|MR", {"SUHARTO||MR"}},
      {"CHANCHALRANI/MRS", "CHANCHALRANI||MRS", {"C|HANCHALRANI|MRS"}},
      {"UPETER/MR", "UPETER||MR", {"U|PETER|MR"}},
      {"ATUYETMAIVAN/MISS", "ATUYETMAIVAN||MISS", {"A|TUYETMAIVAN|MISS"}},
      {"YY/MOAN MISS", "YY|MOAN|MISS", {"Y|MOAN|MISS"}},
      {"YY/MOANMISS", "YY|MOAN|MISS", {"Y|MOAN|MISS"}},
      {"SUKARNO", "SUKARNO||", {}},
      {"SUKARNO MR", "SUKARNO||MR", {}},
      {"JOHN SMITH MR", "JOHN SMITH||MR", {"SMITH|JOHN|MR", "JOHN|SMITH|MR"}},
      {"DESMARAIS/", "DESMARAIS||", {}},
      {"DESMARAIS/LUC/MR", "DESMARAIS|LUC|MR", {}},
      {"O'CONNOR/ANNE-MARIE MS", "O'CONNOR|ANNE-MARIE|MS", {}},
      {"VINK/ROB MSTR*P-C08 DOB16NOV16", "VINK|ROB|MSTR", {}},
      {"LEAVEY/KIM(INF/MICHAEL/18MAY08)", "LEAVEY|KIM|", {}},
  };
  for (const NameCase& c : cases) {
    const auto names = booking_name_candidates(c.text);
    ASSERT_FALSE(names.empty()) << c.text;
    EXPECT_EQ(show(names.front()), c.first) << c.text;
    EXPECT_EQ(names.front().kind, NameKind::kPerson) << c.text;
    for (const std::string& other : c.others) EXPECT_TRUE(holds(names, other)) << c.text << other;
    EXPECT_LE(names.size(), kMaxNameCandidates);
  }
}

TEST(NameCandidates, TellPersonsFromWhatElseFillsANameSlot) {
  const std::pair<std::string, NameKind> cases[] = {
      {"SCHMIDT/EXST", NameKind::kNonPerson},  {"SCHMIDT/CBBG MR", NameKind::kNonPerson},
      {"EXST/SCHMIDT", NameKind::kNonPerson},  {"SCHMIDT/STCR", NameKind::kNonPerson},
      {"TBA/TBA MR", NameKind::kPlaceholder},  {"XXX/XXX MR", NameKind::kPlaceholder},
      {"LNU/FNU", NameKind::kPlaceholder},     {"", NameKind::kPlaceholder},
      {"///", NameKind::kPlaceholder},         {"/MR", NameKind::kPlaceholder},
      {"SMITH/INF", NameKind::kUnnamedInfant}, {"SMITH/INFANT", NameKind::kUnnamedInfant},
      {"SMITH/BABY INF", NameKind::kPerson},   {"X/JOHN", NameKind::kPerson},
      {"FNU/GARCIA", NameKind::kPerson},       {"/JOHN", NameKind::kPerson},
  };
  for (const auto& [text, kind] : cases) {
    EXPECT_EQ(booking_name_candidates(text).front().kind, kind) << text;
  }
}

// A title is only ever taken off in a second reading of a name that may need its letters.
TEST(NameCandidates, NeverLoseANameThatEndsInATitle) {
  for (const std::string given :
       {"AMR", "EMR", "ALEXANDR", "ALEKSANDR", "BADR", "NASIR", "YASIR", "ABRAHAMS", "ADAMS",
        "WILLIAMS", "DREW", "DRABEK", "SIRI", "MRIDULA", "MISSY", "PROFIR", "INFANTA", "SHAMS"}) {
    const auto names = booking_name_candidates("SMITH/" + given);
    EXPECT_EQ(names.front().given, given);
    EXPECT_TRUE(holds(names, "SMITH|" + given + "|")) << given;
    EXPECT_TRUE(holds(booking_name_candidates("SMITH/" + given + " MR"), "SMITH|" + given + "|MR"));
    EXPECT_TRUE(holds(booking_name_candidates("SMITH/" + given + "MR"), "SMITH|" + given + "|MR"));
  }
}

TEST(NameCandidates, RefuseTextBeyondTheLimit) {
  const auto names = booking_name_candidates(std::string(kMaxBookingNameBytes + 1, 'A'));
  ASSERT_EQ(names.size(), 1u);
  EXPECT_EQ(names.front().kind, NameKind::kPlaceholder);
  EXPECT_TRUE(names.front().surname.empty());
}

TEST(NameCandidates, KnowTheTitleWords) {
  for (const std::string_view title : {"MR", "MRS", "MS", "MISS", "MSTR", "DR", "PROF", "REV",
                                       "SIR", "MME", "MLLE", "MDM", "MX", "mr"}) {
    EXPECT_TRUE(is_title_word(title)) << title;
  }
  EXPECT_FALSE(is_title_word("JR"));
  EXPECT_FALSE(is_title_word("CHD"));
  EXPECT_FALSE(is_title_word(""));
}

}  // namespace
}  // namespace paxid::bcbp
