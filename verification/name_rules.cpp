#include "verification/name_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"
#include "bcbp/name_field.h"
#include "matcher/letters.h"

namespace paxid::verification {
namespace {

using matcher::Comparison;
using matcher::FieldRelation;
using matcher::ReasonCode;
using matcher::Relation;
using matcher::Role;

// States whose citizens bear two surnames and book under the first (Spain and Spanish America) or
// the last (where Portuguese is spoken). Doc 9303-3 section 5 codes.
constexpr std::array<std::string_view, 19> kFirstSurnameStates{
    "ESP", "ARG", "BOL", "CHL", "COL", "CRI", "CUB", "DOM", "ECU", "GTM",
    "HND", "MEX", "NIC", "PAN", "PER", "PRY", "SLV", "URY", "VEN"};

constexpr std::array<std::string_view, 8> kLastSurnameStates{"PRT", "BRA", "AGO", "CPV",
                                                             "GNB", "MOZ", "STP", "TLS"};

template <class List>
bool holds(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

constexpr std::array<std::string_view, 12> kIberianParticles{"D",   "DA", "DAS", "DE",  "DEL", "DO",
                                                             "DOS", "E",  "LA",  "LAS", "LOS", "Y"};

// How given names are shortened in writing, on documents as in bookings. Whose short form each is,
// the matcher knows; these are nobody's pet names.
constexpr std::array<std::string_view, 12> kWrittenShort{
    "CHAS", "FCO", "GPE", "MA", "MD", "MHD", "MOHD", "MOST", "MST", "MUHD", "THOS", "WM"};

// The letters without repetition: YOUSSEF and YOUSEF are YOUSEF.
std::string without_doubled_letters(std::string_view part) {
  std::string bare;
  for (char c : part) {
    if (bare.empty() || bare.back() != c) bare.push_back(c);
  }
  return bare;
}

// A name this short has too many neighbours for a spelling variant to mean one name (AN, ANH).
constexpr std::size_t kShortestVariant = 3;

bool agrees(const FieldRelation& field) {
  return field.relation == Relation::kEqual || field.relation == Relation::kEqualAfterNormalisation;
}

// Where a relation holds.
enum class Place : unsigned { kSurname, kFirstGiven, kFurtherGiven, kWhole };

constexpr unsigned bit_of(Place place) { return 1U << static_cast<unsigned>(place); }
constexpr unsigned kSurname = bit_of(Place::kSurname);
constexpr unsigned kFirst = bit_of(Place::kFirstGiven);
constexpr unsigned kFurther = bit_of(Place::kFurtherGiven);
constexpr unsigned kWhole = bit_of(Place::kWhole);

std::initializer_list<Role> roles_of(Place place) {
  static constexpr std::initializer_list<Role> kOfSurname{Role::kSurname};
  static constexpr std::initializer_list<Role> kOfFirst{Role::kFirstGiven};
  static constexpr std::initializer_list<Role> kOfFurther{Role::kFurtherGiven};
  static constexpr std::initializer_list<Role> kOfAll{Role::kUnknown, Role::kSurname,
                                                      Role::kFirstGiven, Role::kFurtherGiven};
  switch (place) {
    case Place::kSurname:
      return kOfSurname;
    case Place::kFirstGiven:
      return kOfFirst;
    case Place::kFurtherGiven:
      return kOfFurther;
    case Place::kWhole:
      return kOfAll;
  }
  PAXID_CHECK(false);
  return {};
}

// What a relation of the matcher means in a place. The rules that need more than the relation
// stand in NameJudge.
struct RelationRule {
  Relation relation;
  unsigned places;
  RuleCode code;
  Verdict Rules::*verdict;  // null: REVIEW, whatever the policy
  std::initializer_list<ReasonCode> about;
};

constexpr std::initializer_list<ReasonCode> kAboutOther{ReasonCode::kContradiction,
                                                        ReasonCode::kOtherName, ReasonCode::kPrefix,
                                                        ReasonCode::kGenderedEnding};
constexpr std::initializer_list<ReasonCode> kAboutKnown{ReasonCode::kOtherName,
                                                        ReasonCode::kGenderedEnding};
constexpr std::initializer_list<ReasonCode> kAboutEnding{ReasonCode::kGenderedEnding};
constexpr std::initializer_list<ReasonCode> kAboutInitial{ReasonCode::kInitial};
constexpr std::initializer_list<ReasonCode> kAboutNickname{ReasonCode::kNickname};
constexpr std::initializer_list<ReasonCode> kAboutPrefix{ReasonCode::kPrefix};
constexpr std::initializer_list<ReasonCode> kAboutSlip{ReasonCode::kSlip};

constexpr RelationRule kRelationRules[] = {
    {Relation::kInitial, kSurname, RuleCode::kInitialOnly, nullptr, kAboutInitial},
    {Relation::kInitial, kFirst | kWhole, RuleCode::kInitialOnly, &Rules::initial_for_first,
     kAboutInitial},
    {Relation::kGenderedEnding, kSurname | kWhole, RuleCode::kGenderedSurname, nullptr,
     kAboutEnding},
    {Relation::kGenderedEnding, kFirst, RuleCode::kOtherKnownName, nullptr, kAboutKnown},
    {Relation::kNickname, kSurname | kFirst | kFurther | kWhole, RuleCode::kNickname,
     &Rules::nickname, kAboutNickname},
    {Relation::kPrefix, kSurname | kFirst | kWhole, RuleCode::kPrefixOnly, nullptr, kAboutPrefix},
    {Relation::kSlip, kSurname | kFirst | kFurther | kWhole, RuleCode::kLettersDiffer,
     &Rules::letter_change, kAboutSlip},
    {Relation::kOtherName, kSurname | kFirst | kWhole, RuleCode::kOtherKnownName, nullptr,
     kAboutKnown},
    // Another second name is no other person's, in whatever way it is another.
    {Relation::kGenderedEnding, kFurther, RuleCode::kFurtherNameDiffers, nullptr, kAboutOther},
    {Relation::kPrefix, kFurther, RuleCode::kFurtherNameDiffers, nullptr, kAboutOther},
    {Relation::kOtherName, kFurther, RuleCode::kFurtherNameDiffers, nullptr, kAboutOther},
};

class NameJudge {
 public:
  NameJudge(const Comparison& comparison, const NameCircumstances& circumstances,
            const Rules& rules)
      : comparison_(comparison),
        circumstances_(circumstances),
        rules_(rules),
        corroborated_(circumstances.attributes.corroborated()) {}

  std::vector<RuleOutcome> judge() {
    if (!comparison_.opinion) {
      add(RuleCode::kUnknownScript, Verdict::kReview);
      return std::move(outcomes_);
    }
    judge_suffixes();
    if (!comparison_.fields_known || one_field_missing()) {
      judge_as_a_whole();
    } else {
      judge_by_field();
    }
    if (outcomes_.empty()) {
      const bool as_printed = comparison_.transformations == matcher::kNoTransformation;
      add(as_printed ? RuleCode::kSameName : RuleCode::kDocumentedForm, Verdict::kMatch);
    }
    return std::move(outcomes_);
  }

 private:
  bool did(matcher::Transformation transformation) const {
    return (comparison_.transformations & transformation) != 0;
  }

  // A single name on one side (mononym, or a document with everything in one field). Who is booked
  // under a later given name has one.
  bool one_field_missing() const {
    return comparison_.surname.relation == Relation::kMissing ||
           (comparison_.first_given.relation == Relation::kMissing &&
            comparison_.further_given.agreeing == 0);
  }

  // With the parts of the first reason that has one of these codes (and roles, when any are
  // given), so that a card can show them.
  void add(RuleCode code, Verdict at_best, std::initializer_list<ReasonCode> about = {},
           std::initializer_list<Role> roles = {}) {
    RuleOutcome outcome{code, at_best, 0, {}, {}};
    for (const matcher::Reason& reason : comparison_.reasons) {
      if (std::find(about.begin(), about.end(), reason.code) == about.end()) continue;
      if (roles.size() > 0 && std::find(roles.begin(), roles.end(), reason.role) == roles.end())
        continue;
      outcome.booking_part = base::PersonalText(reason.a);
      outcome.document_part = base::PersonalText(reason.b);
      break;
    }
    outcomes_.push_back(std::move(outcome));
  }

  Verdict match_if_corroborated() const {
    return corroborated_ ? Verdict::kMatch : Verdict::kReview;
  }

  // At best REVIEW.
  static Verdict worse(Verdict verdict) { return std::max(verdict, Verdict::kReview); }

  // Two spellings of one name may match. But in a surname only a doubled letter or another
  // script's word may: SMITH and SMYTH are two families.
  bool is_one_name(const matcher::Reason& reason) const {
    const std::string& shorter = reason.a.size() < reason.b.size() ? reason.a : reason.b;
    if (reason.role != Role::kSurname && holds(kWrittenShort, shorter)) return true;
    if (base::count_code_points(shorter).value_or(0) < kShortestVariant) return false;
    const bool transliterated = reason.code == ReasonCode::kTransliteration;
    if (transliterated && comparison_.family != matcher::Family::kLatin) return true;
    if (reason.role == Role::kSurname)
      return without_doubled_letters(reason.a) == without_doubled_letters(reason.b);
    // One native name read in two languages (CHAN, CHEN) is two names to a passport.
    return !transliterated || sound_alike(reason.a, reason.b);
  }

  // One rule for all spelling variants of one field.
  void judge_variants(std::initializer_list<Role> roles) {
    bool one_name = true;
    for (const matcher::Reason& reason : comparison_.reasons) {
      const bool variant = reason.code == ReasonCode::kSpellingVariant ||
                           reason.code == ReasonCode::kTransliteration;
      const bool of_field = std::find(roles.begin(), roles.end(), reason.role) != roles.end();
      if (variant && of_field && !is_one_name(reason)) one_name = false;
    }
    add(RuleCode::kSpellingVariant, one_name ? match_if_corroborated() : Verdict::kReview,
        {ReasonCode::kSpellingVariant, ReasonCode::kTransliteration}, roles);
  }

  void judge_suffixes() {
    for (const matcher::Reason& reason : comparison_.reasons) {
      if (reason.code != ReasonCode::kSuffixConflict) continue;
      // Father and son bear one name; only the birth date tells them apart.
      add(RuleCode::kSuffixConflict, corroborated_ ? Verdict::kReview : Verdict::kMismatch,
          {reason.code});
      return;
    }
  }

  // Letters that differ where the other side's spelling is not a known name, or is one.
  // More than the policy allows is another name.
  bool is_other_name(const FieldRelation& field) const {
    const bool letters =
        field.relation == Relation::kSlip || field.relation == Relation::kOtherName;
    return field.relation == Relation::kContradicting ||
           (letters && field.letter_edits > rules_.max_letter_changes);
  }

  void judge_by_field() {
    const bool surname_differs = is_other_name(comparison_.surname);
    const bool given_differs = is_other_name(comparison_.first_given) || is_unproven_other_given();
    if (surname_differs || given_differs) {
      judge_other_name(surname_differs, given_differs);
    }
    if (!surname_differs) judge_surname();
    if (!given_differs) judge_first_given();
    judge_further_given();
    judge_places();
  }

  // Two known given names (GURPREET, HARPREET) without a birth date that agrees: one letter
  // may still be a slip, more are another person; so is one letter when the sex differs too.
  bool is_unproven_other_given() const {
    return comparison_.first_given.relation == Relation::kOtherName && !corroborated_ &&
           (comparison_.first_given.letter_edits > 1 ||
            circumstances_.attributes.sex == AttributeRelation::kDiffers);
  }

  void judge_other_name(bool surname_differs, bool given_differs) {
    if (surname_differs && given_differs) {
      // The document the booking was made with, under a wholly different name: a person looks.
      const bool same_document =
          circumstances_.attributes.document_number == AttributeRelation::kEqual;
      add(RuleCode::kNamesDiffer, same_document ? Verdict::kReview : Verdict::kMismatch,
          {ReasonCode::kContradiction, ReasonCode::kOtherName});
    } else if (surname_differs) {
      add(RuleCode::kSurnameDiffers, corroborated_ ? Verdict::kReview : Verdict::kMismatch,
          {ReasonCode::kContradiction, ReasonCode::kOtherName});
    } else {
      add(RuleCode::kGivenNameDiffers, corroborated_ ? Verdict::kReview : Verdict::kMismatch,
          {ReasonCode::kContradiction, ReasonCode::kOtherName});
    }
  }

  void judge_surname() {
    judge_relation(Place::kSurname, comparison_.surname);
    if (!did(matcher::kSurnamePartOmitted)) return;
    add(RuleCode::kSurnamePartMissing,
        lacks_usual_surname() ? Verdict::kMatch : rules_.surname_part_missing,
        {ReasonCode::kMissing});
  }

  // The booking has the surname under which people of that State book, and lacks another one.
  bool lacks_usual_surname() const {
    const bool book_under_last = holds(kLastSurnameStates, circumstances_.issuer);
    if (!book_under_last && !holds(kFirstSurnameStates, circumstances_.issuer)) return false;
    if (!corroborated_ && !given_names_agree_alone()) return false;
    std::vector<matcher::PreparedName> surnames = surnames_of_document();
    if (book_under_last) std::reverse(surnames.begin(), surnames.end());
    std::vector<bool> missing(surnames.size());
    for (const matcher::Reason& reason : comparison_.reasons) {
      if (reason.code != ReasonCode::kMissing || reason.role != Role::kSurname) continue;
      // From the end, where what people leave out stands: both surnames may be the same.
      const matcher::PreparedName part = prepared_surname(reason.b);
      std::size_t i = surnames.size();
      while (i > 0 && (missing[i - 1] || !agrees(matcher::compare(part, surnames[i - 1]).whole)))
        --i;
      if (i == 0) return false;  // the document lacks it, or it is no word of its own there
      missing[i - 1] = true;
    }
    return !missing.empty() && !missing.front();
  }

  // No birth date is known, but the given names are the same to the last.
  bool given_names_agree_alone() const {
    return circumstances_.attributes.birth_date == AttributeRelation::kUnknown &&
           agrees(comparison_.first_given) &&
           (comparison_.further_given.relation == Relation::kAbsent ||
            agrees(comparison_.further_given));
  }

  static matcher::PreparedName prepared_surname(std::string_view text) {
    matcher::NameText name;
    name.surname = text;
    return matcher::prepare(name);
  }

  std::vector<matcher::PreparedName> surnames_of_document() const {
    std::vector<matcher::PreparedName> surnames;
    std::string_view rest = circumstances_.document_surname;
    while (!rest.empty()) {
      const std::string_view word = rest.substr(0, rest.find_first_of(" -<"));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      if (!word.empty() && !holds(kIberianParticles, bare_text(word)))
        surnames.push_back(prepared_surname(word));
    }
    return surnames;
  }

  void judge_first_given() {
    judge_relation(Place::kFirstGiven, comparison_.first_given);
    if (did(matcher::kFirstGivenOmitted)) {
      add(RuleCode::kFirstNameMissing, Verdict::kReview, {ReasonCode::kMissing});
    }
  }

  void judge_further_given() {
    const FieldRelation& further = comparison_.further_given;
    if (further.relation == Relation::kMissing) {
      // A booked name that the document lacks is a claim the document does not carry.
      const bool carried = further.missing_b == 0 || corroborated_;
      add(RuleCode::kFurtherNameMissing,
          carried ? rules_.further_name_missing : worse(rules_.further_name_missing),
          {ReasonCode::kMissing}, {Role::kFurtherGiven});
    } else if (is_other_name(further)) {
      add(RuleCode::kFurtherNameDiffers, Verdict::kReview,
          {ReasonCode::kContradiction, ReasonCode::kOtherName, ReasonCode::kSlip},
          {Role::kFurtherGiven});
    } else {
      judge_relation(Place::kFurtherGiven, further);
    }
  }

  // Nothing cuts a given name but a surname that fills the name field of a pass: Doc 9303 and
  // Resolution 792 know no other reason.
  bool given_name_had_no_room() const {
    return corroborated_ && circumstances_.booked_surname_letters >= bcbp::kNameFieldBytes;
  }

  // Beside a name that is written out, an initial stands for what the document has: W DOUGLAS for
  // WILLIAM DOUGLAS. Alone it could stand for anybody.
  bool initial_beside_a_name(Place place) const {
    if (!corroborated_ || place == Place::kWhole) return false;
    const bool surname = place == Place::kSurname;
    return std::any_of(
        comparison_.reasons.begin(), comparison_.reasons.end(), [&](const matcher::Reason& reason) {
          const bool here =
              (reason.role == Role::kSurname) == surname && reason.role != Role::kUnknown;
          return here && reason.a.size() > 1 && reason.b.size() > 1 &&
                 (reason.code == ReasonCode::kEqual ||
                  reason.code == ReasonCode::kDoc9303Spelling ||
                  reason.code == ReasonCode::kSpacing);
        });
  }

  // Every short form in the place is one of writing, MD for MOHAMMED.
  bool shortened_in_writing(Place place) const {
    if (!corroborated_ || place == Place::kSurname) return false;
    const auto roles = roles_of(place);
    return std::all_of(
        comparison_.reasons.begin(), comparison_.reasons.end(), [&](const matcher::Reason& reason) {
          return reason.code != ReasonCode::kNickname ||
                 std::find(roles.begin(), roles.end(), reason.role) == roles.end() ||
                 holds(kWrittenShort, reason.a.size() < reason.b.size() ? reason.a : reason.b);
        });
  }

  // What a rule would say, but for a documented form.
  bool is_documented_form(Place place, Relation relation) const {
    switch (relation) {
      case Relation::kInitial:
        return initial_beside_a_name(place);
      case Relation::kNickname:
        return shortened_in_writing(place);
      case Relation::kPrefix:
        return place == Place::kFirstGiven && given_name_had_no_room();
      default:
        return false;
    }
  }

  // The one rule that the table has for a relation in a place.
  void judge_relation(Place place, const FieldRelation& field) {
    if (field.relation == Relation::kSpellingVariant) return judge_variants(roles_of(place));
    if (is_documented_form(place, field.relation)) return;
    for (const RelationRule& rule : kRelationRules) {
      if (rule.relation != field.relation || (rule.places & bit_of(place)) == 0) continue;
      add(rule.code, rule.verdict == nullptr ? Verdict::kReview : rules_.*rule.verdict, rule.about,
          place == Place::kWhole ? std::initializer_list<Role>{} : roles_of(place));
      return;
    }
  }

  void judge_places() {
    if (comparison_.fields_swapped || did(matcher::kFieldsExchanged)) {
      add(RuleCode::kFieldsSwapped, corroborated_ ? rules_.fields_swapped : Verdict::kReview);
    } else if (did(matcher::kSurnamePartMoved)) {
      add(RuleCode::kPartsMoved, match_if_corroborated());
    }
  }

  // No fields to go by: all parts together.
  void judge_as_a_whole() {
    const FieldRelation& whole = comparison_.whole;
    if (is_other_name(whole)) {
      const bool something_agrees = whole.agreeing > 0 && corroborated_;
      add(something_agrees ? RuleCode::kGivenNameDiffers : RuleCode::kNamesDiffer,
          something_agrees ? Verdict::kReview : Verdict::kMismatch,
          {ReasonCode::kContradiction, ReasonCode::kOtherName});
      return;
    }
    if (whole.relation == Relation::kOtherName && !corroborated_ &&
        circumstances_.attributes.sex == AttributeRelation::kDiffers) {
      add(RuleCode::kOtherKnownName, Verdict::kMismatch, {ReasonCode::kOtherName});
    } else {
      judge_relation(Place::kWhole, whole);
    }
    judge_missing_parts();
  }

  void judge_missing_parts() {
    const FieldRelation& whole = comparison_.whole;
    // A part of the booking that the document lacks is a claim the document does not carry.
    if (whole.missing_b > 0) {
      add(RuleCode::kFirstNameMissing, Verdict::kReview, {ReasonCode::kMissing});
    } else if (whole.missing_a > 0) {
      add(RuleCode::kFurtherNameMissing,
          corroborated_ ? rules_.further_name_missing : Verdict::kReview, {ReasonCode::kMissing});
    } else if (one_field_missing() && !did(matcher::kPlaceholderUsed) && comparison_.fields_known) {
      add(RuleCode::kPartsMoved, match_if_corroborated());
    }
  }

  const Comparison& comparison_;
  const NameCircumstances& circumstances_;
  const Rules& rules_;
  const bool corroborated_;
  std::vector<RuleOutcome> outcomes_;
};

}  // namespace

std::vector<TravelName> prepare_readings(const std::vector<bcbp::NameCandidate>& readings,
                                         matcher::Source source) {
  std::vector<TravelName> names;
  names.reserve(readings.size());
  for (const bcbp::NameCandidate& reading : readings) {
    matcher::NameText text;
    text.surname = reading.surname;
    text.given = reading.given;
    if (!reading.suffix.empty()) text.given += (text.given.empty() ? "" : " ") + reading.suffix;
    text.source = source;
    text.maybe_truncated = reading.maybe_cut;
    names.push_back({reading, matcher::prepare(text)});
  }
  return names;
}

std::vector<matcher::PreparedName> prepare_names(const std::vector<SourcedName>& names) {
  std::vector<matcher::PreparedName> prepared;
  prepared.reserve(names.size());
  for (const SourcedName& name : names) prepared.push_back(matcher::prepare(name.text));
  return prepared;
}

NameEvidence best_evidence(const std::vector<TravelName>& readings,
                           const std::vector<matcher::PreparedName>& document_names) {
  PAXID_CHECK(!readings.empty() && !document_names.empty());
  NameEvidence best;
  bool first = true;
  for (std::size_t i = 0; i < readings.size(); ++i) {
    for (std::size_t j = 0; j < document_names.size(); ++j) {
      Comparison comparison = matcher::compare(readings[i].prepared, document_names[j]);
      const bool better = comparison.opinion != best.comparison.opinion
                              ? comparison.opinion
                              : comparison.log_odds > best.comparison.log_odds;
      if (first || better) best = {std::move(comparison), i, j};
      first = false;
    }
  }
  return best;
}

bool sound_alike(std::string_view a, std::string_view b) {
  // A change of one usual spelling of a sound for another costs less than a letter.
  return matcher::variant_distance(latin_letters(a), latin_letters(b), "") < 1.0;
}

std::vector<RuleOutcome> name_rules(const Comparison& comparison,
                                    const NameCircumstances& circumstances, const Rules& rules) {
  return NameJudge(comparison, circumstances, rules).judge();
}

}  // namespace paxid::verification
