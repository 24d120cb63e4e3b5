#include "verification/name_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/check.h"
#include "base/utf8.h"

namespace paxid::verification {
namespace {

using matcher::Comparison;
using matcher::FieldRelation;
using matcher::Relation;
using matcher::Role;

// States whose citizens bear two surnames and book under the first (Spain and Latin America)
// or the last (Portugal, Brazil). Doc 9303-3 section 5 codes.
constexpr std::array<std::string_view, 19> kFirstSurnameStates{
    "ESP", "ARG", "BOL", "CHL", "COL", "CRI", "CUB", "DOM", "ECU", "GTM",
    "HND", "MEX", "NIC", "PAN", "PER", "PRY", "SLV", "URY", "VEN"};

// Where two surnames are borne, people book under the first one.
bool drops_second_surname(std::string_view issuer) {
  return std::find(kFirstSurnameStates.begin(), kFirstSurnameStates.end(), issuer) !=
         kFirstSurnameStates.end();
}

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

class NameJudge {
 public:
  NameJudge(const Comparison& comparison, const NameCircumstances& circumstances,
            const NameRules& policy)
      : comparison_(comparison),
        circumstances_(circumstances),
        policy_(policy),
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

  // A single name on one side (mononym, or a document with everything in one field).
  bool one_field_missing() const {
    return comparison_.surname.relation == Relation::kMissing ||
           comparison_.first_given.relation == Relation::kMissing;
  }

  // With the parts of the first reason that has one of these codes (and roles, when any are
  // given), so that a card can show them.
  void add(RuleCode code, Verdict at_best, std::initializer_list<matcher::ReasonCode> about = {},
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
    const std::size_t shorter = std::min(base::count_code_points(reason.a).value_or(0),
                                         base::count_code_points(reason.b).value_or(0));
    if (shorter < kShortestVariant) return false;
    return reason.code == matcher::ReasonCode::kTransliteration || reason.role != Role::kSurname ||
           without_doubled_letters(reason.a) == without_doubled_letters(reason.b);
  }

  // One rule for all spelling variants of one field.
  void judge_variants(std::initializer_list<Role> roles) {
    using matcher::ReasonCode;
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
      if (reason.code != matcher::ReasonCode::kSuffixConflict) continue;
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
           (letters && field.letter_edits > policy_.max_letter_changes);
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
    using matcher::ReasonCode;
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
    using matcher::ReasonCode;
    switch (comparison_.surname.relation) {
      case Relation::kSpellingVariant:
        judge_variants({Role::kSurname});
        break;
      case Relation::kInitial:
        add(RuleCode::kInitialOnly, Verdict::kReview, {ReasonCode::kInitial});
        break;
      case Relation::kGenderedEnding:
        add(RuleCode::kGenderedSurname, Verdict::kReview, {ReasonCode::kGenderedEnding});
        break;
      case Relation::kNickname:
        add(RuleCode::kNickname, policy_.nickname, {ReasonCode::kNickname});
        break;
      case Relation::kPrefix:
        add(RuleCode::kPrefixOnly, Verdict::kReview, {ReasonCode::kPrefix});
        break;
      case Relation::kSlip:
        add(RuleCode::kLettersDiffer, policy_.letter_change, {ReasonCode::kSlip});
        break;
      case Relation::kOtherName:
        add(RuleCode::kOtherKnownName, Verdict::kReview, {ReasonCode::kOtherName});
        break;
      default:
        break;
    }
    if (did(matcher::kSurnamePartOmitted)) {
      const bool usual =
          drops_second_surname(circumstances_.issuer) && corroborated_ && has_first_surname();
      add(RuleCode::kSurnamePartMissing, usual ? Verdict::kMatch : policy_.surname_part_missing,
          {ReasonCode::kMissing});
    }
  }

  // The booking has the first surname of the document: what it lacks is a later one.
  bool has_first_surname() const {
    const std::string& surname = circumstances_.document_surname;
    matcher::NameText first;
    first.surname = surname.substr(0, surname.find_first_of(" -<"));
    const matcher::PreparedName prepared = matcher::prepare(first);
    for (const matcher::Reason& reason : comparison_.reasons) {
      if (reason.code != matcher::ReasonCode::kMissing || reason.role != Role::kSurname) continue;
      matcher::NameText missing;
      missing.surname = reason.b;
      // Missing on the document, or its very first surname.
      if (reason.b.empty() || agrees(matcher::compare(matcher::prepare(missing), prepared).whole)) {
        return false;
      }
    }
    return true;
  }

  void judge_first_given() {
    using matcher::ReasonCode;
    switch (comparison_.first_given.relation) {
      case Relation::kSpellingVariant:
        judge_variants({Role::kFirstGiven});
        break;
      case Relation::kInitial:
        add(RuleCode::kInitialOnly, policy_.initial_for_first, {ReasonCode::kInitial});
        break;
      case Relation::kGenderedEnding:
      case Relation::kOtherName:
        add(RuleCode::kOtherKnownName, Verdict::kReview,
            {ReasonCode::kOtherName, ReasonCode::kGenderedEnding});
        break;
      case Relation::kNickname:
        add(RuleCode::kNickname, policy_.nickname, {ReasonCode::kNickname});
        break;
      case Relation::kPrefix:
        add(RuleCode::kPrefixOnly, Verdict::kReview, {ReasonCode::kPrefix});
        break;
      case Relation::kSlip:
        add(RuleCode::kLettersDiffer, policy_.letter_change, {ReasonCode::kSlip});
        break;
      default:
        break;
    }
    if (did(matcher::kFirstGivenOmitted)) {
      add(RuleCode::kFirstNameMissing, Verdict::kReview, {ReasonCode::kMissing});
    }
  }

  void judge_further_given() {
    using matcher::ReasonCode;
    switch (comparison_.further_given.relation) {
      case Relation::kMissing: {
        // A booked name that the document lacks is a claim the document does not carry.
        const bool carried = comparison_.further_given.missing_b == 0 || corroborated_;
        add(RuleCode::kFurtherNameMissing,
            carried ? policy_.further_name_missing : worse(policy_.further_name_missing),
            {ReasonCode::kMissing}, {Role::kFurtherGiven});
        break;
      }
      case Relation::kSpellingVariant:
        judge_variants({Role::kFurtherGiven});
        break;
      case Relation::kSlip:
        if (comparison_.further_given.letter_edits <= policy_.max_letter_changes) {
          add(RuleCode::kLettersDiffer, policy_.letter_change, {ReasonCode::kSlip});
          break;
        }
        [[fallthrough]];
      case Relation::kGenderedEnding:
      case Relation::kPrefix:
      case Relation::kOtherName:
      case Relation::kContradicting:
        add(RuleCode::kFurtherNameDiffers, Verdict::kReview,
            {ReasonCode::kContradiction, ReasonCode::kOtherName, ReasonCode::kPrefix});
        break;
      case Relation::kNickname:
        add(RuleCode::kNickname, policy_.nickname, {ReasonCode::kNickname});
        break;
      default:
        break;
    }
  }

  void judge_places() {
    if (comparison_.fields_swapped || did(matcher::kFieldsExchanged)) {
      add(RuleCode::kFieldsSwapped, corroborated_ ? policy_.fields_swapped : Verdict::kReview);
    } else if (did(matcher::kSurnamePartMoved)) {
      add(RuleCode::kPartsMoved, match_if_corroborated());
    }
  }

  // No fields to go by: all parts together.
  void judge_as_a_whole() {
    using matcher::ReasonCode;
    const FieldRelation& whole = comparison_.whole;
    if (is_other_name(whole)) {
      const bool something_agrees = whole.agreeing > 0 && corroborated_;
      add(something_agrees ? RuleCode::kGivenNameDiffers : RuleCode::kNamesDiffer,
          something_agrees ? Verdict::kReview : Verdict::kMismatch,
          {ReasonCode::kContradiction, ReasonCode::kOtherName});
      return;
    }
    switch (whole.relation) {
      case Relation::kSlip:
        add(RuleCode::kLettersDiffer, policy_.letter_change, {ReasonCode::kSlip});
        break;
      case Relation::kOtherName:
        add(RuleCode::kOtherKnownName,
            circumstances_.attributes.sex == AttributeRelation::kDiffers && !corroborated_
                ? Verdict::kMismatch
                : Verdict::kReview,
            {ReasonCode::kOtherName});
        break;
      case Relation::kNickname:
        add(RuleCode::kNickname, policy_.nickname, {ReasonCode::kNickname});
        break;
      case Relation::kInitial:
        add(RuleCode::kInitialOnly, policy_.initial_for_first, {ReasonCode::kInitial});
        break;
      case Relation::kPrefix:
        add(RuleCode::kPrefixOnly, Verdict::kReview, {ReasonCode::kPrefix});
        break;
      case Relation::kGenderedEnding:
        add(RuleCode::kGenderedSurname, Verdict::kReview, {ReasonCode::kGenderedEnding});
        break;
      case Relation::kSpellingVariant:
        judge_variants({Role::kUnknown, Role::kSurname, Role::kFirstGiven, Role::kFurtherGiven});
        break;
      default:
        break;
    }
    judge_missing_parts();
  }

  void judge_missing_parts() {
    const FieldRelation& whole = comparison_.whole;
    // A part of the booking that the document lacks is a claim the document does not carry.
    if (whole.missing_b > 0) {
      add(RuleCode::kFirstNameMissing, Verdict::kReview, {matcher::ReasonCode::kMissing});
    } else if (whole.missing_a > 0) {
      add(RuleCode::kFurtherNameMissing,
          corroborated_ ? policy_.further_name_missing : Verdict::kReview,
          {matcher::ReasonCode::kMissing});
    } else if (one_field_missing() && !did(matcher::kPlaceholderUsed) && comparison_.fields_known) {
      add(RuleCode::kPartsMoved, match_if_corroborated());
    }
  }

  const Comparison& comparison_;
  const NameCircumstances& circumstances_;
  const NameRules& policy_;
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

std::vector<RuleOutcome> name_rules(const Comparison& comparison,
                                    const NameCircumstances& circumstances,
                                    const NameRules& policy) {
  return NameJudge(comparison, circumstances, policy).judge();
}

}  // namespace paxid::verification
