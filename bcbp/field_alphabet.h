#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bcbp/byte_block.h"
#include "bcbp/items.h"
#include "bcbp/text.h"

namespace paxid::bcbp {

enum class FieldVerdict : std::uint8_t {
  kConforms,
  kLowercase,  // conforms once the letters are upper case
  kReserved,   // a code that the standard keeps for later
  kDeparts,
};

// Whether a complete field (printable ASCII, the item's whole length) holds what the
// standard allows (IATA Resolution 792, Attachment C, and its code lists).
FieldVerdict check_field(Alphabet alphabet, std::string_view field);

// Whether a leg stands where it must. A blank that was lost or added in front of a leg makes
// many fields implausible at once, while carriers that deviate do so in one or two.
// `field` must be complete. A field that conforms is plausible.
bool is_plausible(Item item, std::string_view field);

// Sets of bytes that fields are made of. A byte's bits name the sets it is *not* in, so that
// the bits of several bytes, or-ed, name the sets that do not hold them all.
enum ByteSet : std::uint8_t {
  kUpperSet = 1,
  kDigitSet = 2,
  kBlankSet = 4,
  kCodeSet = 8,  // upper-case letters and digits
  kUpperOrBlankSet = 16,
  kCodeOrBlankSet = 32,
  kNamePartSet = 64,  // upper-case letters, blank, hyphen, apostrophe
};
inline constexpr auto kOutside = [] {
  std::array<std::uint8_t, 256> outside{};
  outside.fill(0xFF);
  const auto put = [&](char c, unsigned sets) {
    outside[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(~sets);
  };
  for (char c = 'A'; c <= 'Z'; ++c) {
    put(c, kUpperSet | kCodeSet | kUpperOrBlankSet | kCodeOrBlankSet | kNamePartSet);
  }
  for (char c = '0'; c <= '9'; ++c) put(c, kDigitSet | kCodeSet | kCodeOrBlankSet);
  put(' ', kBlankSet | kUpperOrBlankSet | kCodeOrBlankSet | kNamePartSet);
  put('-', kNamePartSet);
  put('\'', kNamePartSet);
  return outside;
}();

inline bool is_in(char c, ByteSet set) {
  return (kOutside[static_cast<unsigned char>(c)] & set) == 0;
}
inline bool is_only(std::string_view field, ByteSet set) {
  // Few bytes: no branch for each. Many bytes: an early exit keeps the compiler from gathering
  // the bits into a vector, which is slower.
  if (field.size() <= 4) {
    unsigned outside = 0;
    for (const char c : field) outside |= kOutside[static_cast<unsigned char>(c)];
    return (outside & set) == 0;
  }
  for (const char c : field) {
    if (!is_in(c, set)) return false;
  }
  return true;
}
inline bool is_blank(std::string_view field) { return is_only(field, kBlankSet); }

// Upper-case letters and digits, then blanks; no blank at the start.
inline bool is_left_justified_code(std::string_view field) {
  std::size_t length = 0;
  while (length < field.size() && is_in(field[length], kCodeSet)) {
    ++length;
  }
  return length > 0 && is_blank(field.substr(length));
}

// The day of year of three digits; 0 for anything that is none.
inline int day_of_year(std::string_view digits) {
  if (!is_only(digits, kDigitSet)) return 0;
  const int day = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
  return day <= 366 ? day : 0;
}

// The codes of an item of one byte that has a code list; empty for other alphabets.
constexpr std::string_view code_list(Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::kStatus:
      return "0123456789A";
    case Alphabet::kPassengerDescription:
      return "01234567XU ";
    case Alphabet::kSelectee:
      return "0123 ";
    case Alphabet::kDocumentVerification:
      return "012 ";
    case Alphabet::kIdAd:
      return "0123456789ABCDEF ";
    case Alphabet::kDocumentType:
      return "BI ";
    case Alphabet::kTicketIndicator:
      return "EL";
    case Alphabet::kFastTrack:
      return "YN ";
    default:
      return {};
  }
}

template <Alphabet kAlphabet>
inline constexpr auto kIsCode = [] {
  std::array<bool, 256> codes{};
  for (const char c : code_list(kAlphabet)) codes[static_cast<unsigned char>(c)] = true;
  return codes;
}();

// Letters and what joins names, at most one slash.
inline bool is_name(std::string_view field) {
  if (!is_in(field[0], kUpperSet)) return false;
  std::size_t i = 1;
  while (i < field.size() && is_in(field[i], kNamePartSet)) ++i;
  if (i < field.size() && field[i] == '/') ++i;
  while (i < field.size() && is_in(field[i], kNamePartSet)) ++i;
  return i == field.size();
}

// Three digits and a letter, or a word for a place that is no numbered seat.
inline bool is_seat(std::string_view field) {
  if (is_only(field.substr(0, 3), kDigitSet) && is_in(field[3], kUpperSet)) return true;
  return is_blank(field) || field == "INF " || field == "GATE" || field == "STBY";
}

inline bool is_free_baggage(std::string_view field) {
  if (is_blank(field)) return true;
  if (field[1] == 'P' && field[2] == 'C') return is_in(field[0], kDigitSet);
  return is_only(field.substr(0, 2), kDigitSet) && (field[2] == 'K' || field[2] == 'L');
}

// What nearly every field of an alphabet looks like, a letter for each byte; whatever looks like
// this conforms. A: a letter. N: a digit. X: either. a, x: the same, or a blank. '.': anything,
// the field has to be checked by itself. Nothing for an alphabet of no usual shape.
constexpr std::string_view usual_shape(Alphabet alphabet) {
  switch (alphabet) {
    case Alphabet::kLocator:
      return "XXXXXXx";
    case Alphabet::kAirport:
      return "AAA";
    case Alphabet::kCarrier:
      return "XXx";
    case Alphabet::kFlightNumber:
      return "NNNNa";
    case Alphabet::kDayOfYear:
      return "...";
    case Alphabet::kCompartment:
      return "A";
    case Alphabet::kSeat:
      return "NNNA";
    case Alphabet::kSequence:
      return "NNNNx";
    case Alphabet::kStatus:
      return "N";
    default:
      return {};
  }
}

// The shape of a whole section, as masks: 0xFF where a byte may be a letter, a digit, a blank.
template <const auto& kItems>
struct UsualSection {
  static constexpr std::size_t kLength = total_length(kItems);
  std::array<std::uint8_t, kLength> letter{}, digit{}, blank{}, any{};

  consteval UsualSection() {
    std::size_t at = 0;
    const auto mask = [](std::string_view kinds, char kind) {
      return static_cast<std::uint8_t>(kinds.find(kind) == std::string_view::npos ? 0 : 0xFF);
    };
    for (const ItemSpec& spec : kItems) {
      for (const char kind : usual_shape(spec.alphabet)) {
        letter[at] = mask("AaXx", kind);
        digit[at] = mask("NXx", kind);
        blank[at] = mask("ax", kind);
        any[at] = mask(".", kind);
        ++at;
      }
    }
  }
};

// Whether every field of a complete section has its usual shape.
template <const auto& kItems>
bool is_usual(std::string_view section) {
  using Shape = UsualSection<kItems>;
  static constexpr Shape kShape;
  ByteBlock fits = ~ByteBlock{};
  for_each_block(Shape::kLength, [&](std::size_t at) {
    const ByteBlock block = load_block(section.data() + at);
    fits &= (in_range(block, 'A', 'Z') & load_block(kShape.letter.data() + at)) |
            (in_range(block, '0', '9') & load_block(kShape.digit.data() + at)) |
            (in_range(block, ' ', ' ') & load_block(kShape.blank.data() + at)) |
            load_block(kShape.any.data() + at);
  });
  return all_set(fits);
}

// Whether a complete field conforms; for alphabets with a code list: is in the list. A template,
// so that lengths and alphabets are constants where a whole pass is read.
template <Alphabet kAlphabet>
bool conforms(std::string_view field) {
  if constexpr (kAlphabet == Alphabet::kAny) return true;
  if constexpr (!code_list(kAlphabet).empty()) {
    return kIsCode<kAlphabet>[static_cast<unsigned char>(field[0])];
  }
  switch (kAlphabet) {
    case Alphabet::kName:
      return is_name(field);
    case Alphabet::kLocator:
      return is_left_justified_code(field);
    case Alphabet::kCarrier:  // designators have two characters (IATA) or three (ICAO)
      return is_left_justified_code(field) && !is_in(field[1], kBlankSet);
    case Alphabet::kCarrierOrBlank:
      return is_blank(field) || conforms<Alphabet::kCarrier>(field);
    case Alphabet::kAirport:
    case Alphabet::kCompartment:
      return is_only(field, kUpperSet);
    case Alphabet::kFlightNumber:
      return is_only(field.substr(0, 4), kDigitSet) && is_in(field[4], kUpperOrBlankSet);
    case Alphabet::kDayOfYear:
      return day_of_year(field) != 0;
    case Alphabet::kSeat:
      return is_seat(field);
    case Alphabet::kSequence:  // a fifth digit is printed for infants
      return (is_only(field.substr(0, 4), kDigitSet) && is_in(field[4], kCodeOrBlankSet)) ||
             is_blank(field);
    case Alphabet::kSource:
      return is_only(field, kUpperOrBlankSet);
    case Alphabet::kDateOfIssue:
      return (is_in(field[0], kDigitSet) && day_of_year(field.substr(1)) != 0) || is_blank(field);
    case Alphabet::kBagTag:
    case Alphabet::kDigitsOrBlank:
      return is_only(field, kDigitSet) || is_blank(field);
    case Alphabet::kSerial:
      return is_only(field, kCodeSet) || is_blank(field) || is_only(trim(field), kCodeSet);
    case Alphabet::kFrequentFlyerNumber:
      return is_left_justified_code(field) || is_blank(field);
    case Alphabet::kFreeBaggage:
      return is_free_baggage(field);
    default:
      return false;
  }
}

}  // namespace paxid::bcbp
