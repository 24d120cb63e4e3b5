#include "bcbp/listed_party.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "bcbp/passenger_list_reader.h"
#include "bcbp/ssr.h"
#include "bcbp/text.h"

namespace paxid::bcbp {
namespace {

// An element behind the names: ".L/ABC123".
struct Element {
  std::string code;  // "L"
  std::string text;  // "ABC123"
};

std::size_t next_element(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('.', from); at != std::string_view::npos;
       at = text.find('.', at + 1)) {
    if ((at == 0 || text[at - 1] == ' ') && starts_element(text, at)) return at;
  }
  return text.size();
}

// The elements of an item; `.RN/` continues the element in front of it.
std::vector<Element> elements_of(std::string_view text) {
  std::vector<Element> elements;
  for (std::size_t at = next_element(text, 0); at < text.size();) {
    const std::size_t end = next_element(text, at + 1);
    const std::string_view whole = trim(text.substr(at, end - at));
    const std::size_t slash = whole.find('/');
    const std::string_view code = whole.substr(1, slash - 1);
    if (code == "RN" && !elements.empty()) {
      elements.back().text += whole.substr(slash + 1);
    } else {
      elements.push_back({std::string(code), std::string(whole.substr(slash + 1))});
    }
    at = end;
  }
  return elements;
}

// "-A2" at the end of the names: party A of two.
struct PartyCode {
  std::string id;
  int size = 0;
};
PartyCode take_party_code(std::string& names) {
  const std::size_t hyphen = names.rfind('-');
  if (hyphen == std::string::npos) return {};
  const std::string code = names.substr(hyphen + 1);
  const auto letters =
      static_cast<std::size_t>(std::find_if_not(code.begin(), code.end(), is_upper) - code.begin());
  const auto size = to_number(std::string_view(code).substr(letters));
  if (letters < 1 || letters > 2 || !size) return {};
  names.resize(hyphen);
  return {code.substr(0, letters), *size};
}

// A special service request: ".R/INFT HK1 DOE/BABY 01JAN26-1DOE/JANEMRS".
struct Request {
  int count = 0;     // of "1CHD"; 0: none in front
  std::string code;  // "INFT"
  std::string text;  // what stands behind carrier and status
  std::string name;  // of the passenger it is for: "DOE/JANEMRS"; may be empty
};

// Takes "HK1" or "XX HK1" off the front, with what parts it from the rest.
std::string_view without_status(std::string_view text) {
  const auto skip = [](std::string_view rest) {
    rest.remove_prefix(std::min(rest.find_first_not_of(" /"), rest.size()));
    return rest;
  };
  const auto is_status = [](std::string_view word) {
    return word.size() >= 3 && word.size() <= 4 && is_upper(word[0]) && is_upper(word[1]) &&
           all_digits(word.substr(2));
  };
  const auto word_of = [](std::string_view rest) {
    return rest.substr(0, rest.find_first_of(" /"));
  };
  text = skip(text);
  const std::string_view first = word_of(text);
  if (is_status(first)) return skip(text.substr(first.size()));
  const std::string_view behind = skip(text.substr(first.size()));
  const std::string_view second = word_of(behind);
  return first.size() == 2 && is_status(second) ? skip(behind.substr(second.size())) : text;
}

Request request_of(std::string_view element) {
  Request request;
  std::size_t at = 0;
  while (at < element.size() && is_digit(element[at])) ++at;
  request.count = to_number(element.substr(0, at)).value_or(0);
  const std::size_t end = std::min(element.find_first_of(" /-", at), element.size());
  request.code = element.substr(at, end - at);
  std::string_view rest = element.substr(end);
  // The name is behind the last hyphen that a number follows.
  for (std::size_t hyphen = rest.rfind('-'); hyphen != std::string_view::npos && hyphen > 0;
       hyphen = rest.rfind('-', hyphen - 1)) {
    const std::string_view behind = rest.substr(hyphen + 1);
    const std::size_t digits = std::min(behind.find_first_not_of("0123456789."), behind.size());
    if (digits == 0 || digits == behind.size()) continue;
    request.name = trim(behind.substr(digits));
    rest = rest.substr(0, hyphen);
    break;
  }
  request.text = trim(without_status(rest));
  return request;
}

// Takes a day of birth off the end: " 01JAN26" or "/01JAN26".
std::optional<base::Date> take_birth_date(std::string& text, base::Date reference) {
  const std::size_t start = text.find_last_of(" /");
  const std::string_view word =
      std::string_view(text).substr(start == std::string::npos ? 0 : start + 1);
  const auto printed = parse_teletype_date(word);
  if (!printed) return std::nullopt;
  text.resize(start == std::string::npos ? 0 : start);
  return not_after(*printed, reference);
}

// "24F", "24F/24G", "24F24G"; empty when anything else stands there.
std::vector<std::string> seats_of(std::string_view text) {
  std::vector<std::string> seats;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '/') {
      ++at;
      continue;
    }
    const std::size_t letter = std::min(text.find_first_not_of("0123456789", at), text.size());
    const bool seat =
        letter > at && letter - at <= 3 && letter < text.size() && is_upper(text[letter]);
    if (!seat) return {};
    seats.emplace_back(text.substr(at, letter + 1 - at));
    at = letter + 1;
  }
  return seats;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class PartyReader {
 public:
  explicit PartyReader(base::Date reference) : reference_(reference) {}

  ListedParty read(std::string_view item) {
    read_names(item.substr(0, next_element(item, 0)));
    if (party_.passengers.empty()) return std::move(party_);
    const std::vector<Element> elements = elements_of(item);
    // Infants first: a document may be an infant's, wherever it stands.
    for (const Element& element : elements) {
      if (is_infant(element)) take_infant(request_of(element.text));
    }
    for (const Element& element : elements) {
      if (!is_infant(element) && !take(element)) remark(element);
    }
    return std::move(party_);
  }

 private:
  using Names = std::vector<NameCandidate>;

  static bool is_infant(const Element& element) {
    return element.code == "R" && is_one_of(request_of(element.text).code, {"INFT", "INF"});
  }

  void add(ListFindingCode code) { party_.findings.push_back(code); }

  void read_names(std::string_view text) {
    std::string names(trim(text));
    const PartyCode code = take_party_code(names);
    const NameElementReading reading = read_name_element(names, reference_);
    const auto& found = reading.findings;
    if (std::find(found.begin(), found.end(), NameElementFinding::kCountMismatch) != found.end()) {
      add(ListFindingCode::kCountMismatch);
    }
    for (const Passenger& passenger : reading.passengers) {
      ListedPassenger listed;
      listed.name = names;
      listed.passenger = passenger;
      listed.type = traveller_type(passenger);
      if (passenger.infant_of) listed.adult = *passenger.infant_of - 1;
      listed.party = code.id;
      listed.party_size = code.size;
      party_.passengers.push_back(std::move(listed));
    }
  }

  // Who an element is for: the one that bears the name; without a name the only one there is.
  std::optional<std::size_t> owner(const Names& names, bool infant) const {
    std::optional<std::size_t> only, named;
    int possible = 0, bearing = 0;
    for (std::size_t i = 0; i < party_.passengers.size(); ++i) {
      const ListedPassenger& listed = party_.passengers[i];
      const bool may_be = (listed.type == TravellerType::kInfant) == infant;
      possible += may_be;
      if (may_be) only = i;
      if (!bears(listed, names)) continue;
      ++bearing;
      named = i;
    }
    if (bearing == 1) return named;
    return possible == 1 ? only : std::nullopt;
  }

  static bool bears(const ListedPassenger& listed, const Names& names) {
    return std::any_of(names.begin(), names.end(), [&](const NameCandidate& name) {
      return std::any_of(
          listed.passenger.candidates.begin(), listed.passenger.candidates.end(),
          [&](const NameCandidate& candidate) {
            return without_separators(candidate.surname) == without_separators(name.surname) &&
                   without_separators(candidate.given) == without_separators(name.given);
          });
    });
  }

  // "INFT HK1 DOE/BABY 01JAN26-1DOE/JANEMRS"
  void take_infant(Request request) {
    const auto birth_date = take_birth_date(request.text, reference_);
    const Names asked = request.name.empty() ? Names() : booking_name_candidates(request.name);
    const auto adult = owner(asked, /*infant=*/false);
    if (!adult) add(ListFindingCode::kOwnerUnknown);
    ListedPassenger infant = party_.passengers[adult.value_or(0)];
    infant.name = request.text;
    infant.passenger = {};
    infant.documents.clear();
    infant.type = TravellerType::kInfant;
    infant.adult = adult;
    infant.passenger.candidates = infant_names(request.text, infant);
    const NameCandidate& best = infant.passenger.candidates.front();
    infant.passenger.surname = best.surname;
    infant.passenger.given = best.given;
    infant.passenger.title = best.title;
    infant.passenger.suffix = best.suffix;
    infant.passenger.kind = best.kind;
    infant.passenger.ptc = "INF";
    infant.passenger.birth_date = birth_date;
    for (ListedPassenger& listed : party_.passengers) {
      // The names may have said so already: 1DOE/JANE(INF/BABY).
      const bool known =
          listed.type == TravellerType::kInfant && bears(listed, infant.passenger.candidates);
      if (!known) continue;
      if (!listed.passenger.birth_date) listed.passenger.birth_date = birth_date;
      if (!listed.adult) listed.adult = adult;
      return;
    }
    party_.passengers.push_back(std::move(infant));
  }

  static Names infant_names(const std::string& text, const ListedPassenger& adult) {
    if (has_letter(text)) return booking_name_candidates(text);
    NameCandidate unnamed;
    unnamed.surname = adult.passenger.surname;
    unnamed.ptc = "INF";
    unnamed.kind = NameKind::kUnnamedInfant;
    unnamed.convention = NameConvention::kNotAName;
    return {unnamed};
  }

  // False when the element is to be kept as a remark.
  bool take(const Element& element) {
    if (element.code == "L") {
      const std::string locator(
          trim(std::string_view(element.text).substr(0, element.text.find('/'))));
      for (ListedPassenger& listed : party_.passengers) listed.locator = locator;
      return true;
    }
    if (element.code == "C") {
      for (ListedPassenger& listed : party_.passengers) listed.group = trim(element.text);
      return true;
    }
    if (element.code == "R") return take_request(element);
    if (!is_one_of(element.code, {"O", "I", "N", "M", "W", "G"})) {
      add(ListFindingCode::kUnknownElement);
    }
    return false;
  }

  bool take_request(const Element& element) {
    const Request request = request_of(element.text);
    if (is_one_of(request.code, {"DOCS", "DOCO", "DOCA"})) return take_document(element.text);
    if (is_one_of(request.code, {"CHLD", "CHD", "UMNR"})) return take_child(request);
    if (is_one_of(request.code, {"RQST", "NSST", "SEAT", "NSSA", "NSSB", "NSSW"})) {
      return take_seats(request);
    }
    return false;
  }

  bool take_document(const std::string& text) {
    const SsrReading ssr = read_ssr(text, reference_);
    if (!ssr.ok) return false;
    const bool infant = (ssr.docs && ssr.docs->infant) || (ssr.doco && ssr.doco->infant) ||
                        (ssr.doca && ssr.doca->infant);
    const auto whose = owner(names_in(ssr), infant);
    if (!whose) {
      add(ListFindingCode::kOwnerUnknown);
      return false;
    }
    ListedPassenger& listed = party_.passengers[*whose];
    if (ssr.docs) listed.documents.push_back(*ssr.docs);
    if (ssr.doco) listed.visas.push_back(*ssr.doco);
    if (ssr.doca) listed.addresses.push_back(*ssr.doca);
    return true;
  }

  static Names names_in(const SsrReading& ssr) {
    if (!ssr.associated_name.empty()) return booking_name_candidates(ssr.associated_name);
    if (!ssr.docs) return {};
    Names names = booking_name_candidates(ssr.docs->surname_raw + "/" + ssr.docs->given_raw);
    const NameCandidate first = names.front();
    names.push_back(first);
    names.back().given = ssr.docs->given + ssr.docs->second_given;
    names.push_back(first);
    names.back().surname = ssr.docs->surname;
    return names;
  }

  // "1CHD", "CHLD HK1 10OCT18-1NOETHER/EMMYMISS". Of a party it names one, or counts them all.
  bool take_child(Request request) {
    const auto birth_date = take_birth_date(request.text, reference_);
    const Names asked = request.name.empty() ? Names() : booking_name_candidates(request.name);
    if (const auto whose = owner(asked, /*infant=*/false)) {
      make_child(party_.passengers[*whose]);
      if (birth_date) party_.passengers[*whose].passenger.birth_date = birth_date;
      return false;
    }
    if (asked.empty() && request.count == static_cast<int>(party_.passengers.size())) {
      for (ListedPassenger& listed : party_.passengers) make_child(listed);
    } else {
      add(ListFindingCode::kOwnerUnknown);
    }
    return false;
  }

  static void make_child(ListedPassenger& listed) {
    listed.type = TravellerType::kChild;
    if (listed.passenger.ptc.empty()) listed.passenger.ptc = "CHD";
  }

  bool take_seats(const Request& request) {
    const std::vector<std::string> seats = seats_of(request.text);
    const Names asked = request.name.empty() ? Names() : booking_name_candidates(request.name);
    if (const auto whose = owner(asked, /*infant=*/false); whose && seats.size() == 1) {
      party_.passengers[*whose].seat = seats[0];
      return false;
    }
    std::vector<ListedPassenger*> seated;
    for (ListedPassenger& listed : party_.passengers) {
      if (listed.type != TravellerType::kInfant) seated.push_back(&listed);
    }
    for (std::size_t i = 0; seats.size() == seated.size() && i < seats.size(); ++i) {
      seated[i]->seat = seats[i];
    }
    return false;
  }

  void remark(const Element& element) {
    for (ListedPassenger& listed : party_.passengers) {
      if (listed.type == TravellerType::kInfant) continue;
      listed.remarks.push_back("." + element.code + "/" + element.text);
    }
  }

  base::Date reference_;
  ListedParty party_;
};

}  // namespace

bool starts_element(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '.') return false;
  std::size_t end = at + 1;
  while (end < text.size() && is_letter(text[end])) ++end;
  return end > at + 1 && end <= at + 5 && end < text.size() && text[end] == '/';
}

ListedParty read_party(std::string_view item, base::Date reference_date) {
  return PartyReader(reference_date).read(item);
}

}  // namespace paxid::bcbp
