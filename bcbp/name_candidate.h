#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace paxid::bcbp {

// Who or what stands in a name slot.
enum class NameKind : std::uint8_t {
  kPerson,
  kPlaceholder,    // a name to be announced (TBA, TEST, NONAME): compare with nobody
  kNonPerson,      // an extra seat, cabin baggage, a stretcher: EXST, CBBG, STCR
  kUnnamedInfant,  // an infant booked without a name
  kGroup,
};
// "person", "placeholder", "non_person", "unnamed_infant", "group". Static lifetime.
std::string_view name_of(NameKind kind);

// Why a text is read this way. Several conventions write the same bytes, hence candidates.
enum class NameConvention : std::uint8_t {
  kAsPrinted,         // nothing taken away
  kSpacedTitle,       // SMITH/JOHN MR
  kGluedTitle,        // SMITH/JOHNMR
  kCutTitle,          // the field is full and ends in the first letters of a title
  kTitleAsGivenName,  // CHANCHALRANI/MRS: a single name, the title fills the given name
  kNoGivenName,       // GAYATRI/FNU, GAYATRI/
  kNoSurname,         // LNU/GAYATRI
  kNameDoubled,       // JOHN/JOHN: a single name written twice
  kLetterDoubled,     // UU/PETER: a one-letter surname written twice
  kLetterMerged,      // UPETER/MR: a one-letter surname merged with the given names
  kNoSlash,           // SUKARNO: one name, or a surname that filled the field
  kNotAName,          // the kind is not kPerson
};
std::string_view name_of(NameConvention convention);

// One way to read a name. Personal data: never into a log, an error or a metric.
// All texts are upper case; blanks are single and never at an end; hyphens and apostrophes
// are kept as printed.
struct NameCandidate {
  std::string surname;  // empty when there is none (LNU, a mononym is in `surname` otherwise)
  std::string given;    // all given names; empty when there are none
  std::string title;    // MR, MRS, DR, ...; several are joined by a blank ("PROF DR")
  std::string suffix;   // JR, SR, II, III, IV, ... taken from the end of either part
  std::string ptc;      // CHD or INF where the name says so, else empty
  NameKind kind = NameKind::kPerson;
  NameConvention convention = NameConvention::kAsPrinted;
  // True when the text may have been cut (a full 20-byte field): the last name in it is then
  // possibly only the start of a name.
  bool maybe_cut = false;

  friend bool operator==(const NameCandidate&, const NameCandidate&) = default;
};

inline constexpr std::size_t kMaxBookingNameBytes = 256;

// Reads one booked name as `SURNAME/GIVEN TITLE` (a name item of a reservation, or the name
// field of a pass without its padding): all readings, most likely first, at least one and
// at most kMaxNameCandidates. Nothing is ever rewritten away: the name as printed is among
// the candidates whenever a glued title could be part of the name.
// A text longer than kMaxBookingNameBytes or without a letter gives one kPlaceholder.
inline constexpr std::size_t kMaxNameCandidates = 12;
std::vector<NameCandidate> booking_name_candidates(std::string_view text);

// Whether a word is an honorific: MR MRS MS MISS MSTR DR PROF REV SIR MME MLLE MDM ...
bool is_title_word(std::string_view word);

}  // namespace paxid::bcbp
