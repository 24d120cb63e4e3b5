#include "server/roster.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace paxid::server {
namespace {

namespace ver = verification;
using base::ErrorCode;

// What the readings of one booked name take in memory at most, but for a name with very many: 1.6
// KiB a passenger were measured over flights of 300, everything counted.
constexpr std::size_t kBytesPerPreparedName = 4 * 1024;
constexpr std::size_t kTicketDigits = 13;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of other alphabets count as letters.
bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Lists print one name with and without blanks and in either case.
std::string letters_of(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c == '/' || is_letter(upper(c))) letters += upper(c);
  }
  return letters;
}

std::string surname_letters(std::string_view name) {
  return letters_of(name.substr(0, name.find('/')));
}

std::string given_letters(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::string() : letters_of(name.substr(slash + 1));
}

std::string identity_of(const ver::Passenger& passenger) {
  return passenger.locator + "|" + letters_of(passenger.booked_name.reveal());
}

bool same_documents(const std::vector<bcbp::Docs>& a, const std::vector<bcbp::Docs>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.number == y.number && x.issuer == y.issuer && x.birth_date == y.birth_date &&
           x.surname == y.surname && x.given == y.given && x.gender == y.gender &&
           x.nationality == y.nationality && x.expiry_date == y.expiry_date;
  });
}

// Takes over what the list states; true when anything is another than before.
bool update(RosterPassenger& kept, RosterEdit edit) {
  bool changed = false;
  const auto take = [&changed](auto& known, auto& stated, bool is_stated, bool same) {
    if (!is_stated || same) return;
    known = std::move(stated);
    changed = true;
  };
  const auto take_text = [&take](std::string& known, std::string& stated) {
    take(known, stated, !stated.empty(), known == stated);
  };
  const auto take_value = [&take](auto& known, auto& stated) {
    take(known, stated, stated.has_value(), known == stated);
  };
  take_text(kept.ticket, edit.ticket);
  take_text(kept.data.sequence, edit.data.sequence);
  take_text(kept.data.seat, edit.data.seat);
  take_text(kept.data.passenger_type, edit.data.passenger_type);
  take_value(kept.data.birth_date, edit.data.birth_date);
  take_value(kept.data.sex, edit.data.sex);
  take_value(kept.data.booked_on, edit.data.booked_on);
  take(kept.data.documents, edit.data.documents, !edit.data.documents.empty(),
       same_documents(kept.data.documents, edit.data.documents));
  return changed;
}

// Merges one list into the passengers of a flight.
class Merger {
 public:
  Merger(const SharedRoster& old, bool complete, const std::set<int>& boarded, std::uint64_t now)
      : complete_(complete), boarded_(boarded), now_(now) {
    if (old) {
      passengers_ = *old->passengers;
      next_ref_ = old->next_ref;
    }
    states_.resize(passengers_.size());
    for (std::size_t i = 0; i < passengers_.size(); ++i) {
      by_identity_.emplace(identity_of(passengers_[i].data), i);
    }
  }

  base::Result<void> apply(std::vector<RosterEdit> edits) {
    for (RosterEdit& edit : edits) {
      if (edit.action == RosterAction::kDelete) {
        if (const auto found = find(edit.data)) states_[*found] = State::kDeleted;
      } else if (const auto found = find(edit.data)) {
        states_[*found] = State::kListed;
        outcome_.changed += update(passengers_[*found], std::move(edit)) ? 1 : 0;
      } else {
        unknown_.push_back(std::move(edit));
      }
    }
    // Before anybody is added, so that a new name is not taken for an old one.
    if (auto done = correct_names(); !done) return done;
    for (RosterEdit& edit : unknown_) {
      if (!edit.data.booked_name.empty()) add(std::move(edit));
    }
    remove_who_is_off();
    if (passengers_.size() > kMaxPassengersPerFlight) {
      return base::fail(ErrorCode::kResourceExhausted, "must be at most 1,000 for one flight",
                        "passengers");
    }
    return {};
  }

  base::Result<RosterMerge> finish(const SharedRoster& old) {
    auto roster = std::make_shared<Roster>();
    for (RosterPassenger& passenger : passengers_) name_earlier(passenger);
    const auto passengers = std::make_shared<const Roster::Passengers>(std::move(passengers_));
    std::vector<const ver::Passenger*> data;
    data.reserve(passengers->size());
    for (const RosterPassenger& passenger : *passengers) {
      data.push_back(&passenger.data);
      roster->bytes += sizeof(RosterPassenger) +
                       (1 + passenger.data.earlier_names.size()) * kBytesPerPreparedName +
                       passenger.data.documents.size() * sizeof(bcbp::Docs);
    }
    auto prepared =
        ver::PreparedFlight::prepare(data, passengers, old ? old->prepared : ver::PreparedFlight());
    if (!prepared) return tl::unexpected(prepared.error());
    roster->passengers = passengers;
    roster->prepared = std::move(*prepared);
    roster->next_ref = next_ref_;
    outcome_.roster = std::move(roster);
    return std::move(outcome_);
  }

 private:
  enum class State { kUntouched, kListed, kDeleted };

  // The first of those not spoken of yet; two passengers of one booking may have one name.
  std::optional<std::size_t> find(const ver::Passenger& passenger) const {
    const auto [first, last] = by_identity_.equal_range(identity_of(passenger));
    for (auto at = first; at != last; ++at) {
      if (states_[at->second] == State::kUntouched) return at->second;
    }
    return std::nullopt;
  }

  // Whose name `edit` corrects, when that is certain.
  std::optional<std::size_t> corrected_by(const RosterEdit& edit) const {
    if (edit.data.locator.empty()) return std::nullopt;
    const bool untouched_too = complete_ || edit.action == RosterAction::kChange;
    std::vector<std::size_t> candidates;
    for (std::size_t i = 0; i < passengers_.size(); ++i) {
      const bool open =
          states_[i] == State::kDeleted || (untouched_too && states_[i] == State::kUntouched);
      if (open && passengers_[i].data.locator == edit.data.locator) candidates.push_back(i);
    }
    const auto rivals = std::count_if(unknown_.begin(), unknown_.end(), [&](const auto& other) {
      return !other.data.booked_name.empty() && other.data.locator == edit.data.locator;
    });
    if (candidates.size() == 1 && rivals == 1) return candidates.front();
    // Of several, the one that shares surname or given name.
    const std::string& name = edit.data.booked_name.reveal();
    std::optional<std::size_t> alike;
    for (const std::size_t i : candidates) {
      const std::string& old = passengers_[i].data.booked_name.reveal();
      if (surname_letters(old) != surname_letters(name) &&
          given_letters(old) != given_letters(name))
        continue;
      if (alike) return std::nullopt;
      alike = i;
    }
    return alike;
  }

  // One certain correction can make the next one certain.
  base::Result<void> correct_names() {
    for (bool found = true; found;) {
      found = false;
      for (RosterEdit& edit : unknown_) {
        if (edit.data.booked_name.empty()) continue;
        const auto corrected = corrected_by(edit);
        if (!corrected) continue;
        found = true;
        if (auto done = correct(*corrected, std::move(edit)); !done) return done;
        edit = RosterEdit();
      }
    }
    return {};
  }

  base::Result<void> correct(std::size_t index, RosterEdit edit) {
    RosterPassenger& passenger = passengers_[index];
    // Deleted and added again under the same name.
    const bool same = identity_of(passenger.data) == identity_of(edit.data);
    if (!same && passenger.history.size() == kMaxNameCorrections) {
      return base::fail(ErrorCode::kResourceExhausted, "must be at most 32 for one booking",
                        "corrections");
    }
    if (!same) passenger.history.push_back({passenger.data.booked_name, now_});
    passenger.data.booked_name = edit.data.booked_name;
    update(passenger, std::move(edit));
    states_[index] = State::kListed;
    ++outcome_.changed;
    return {};
  }

  void add(RosterEdit edit) {
    RosterPassenger passenger;
    passenger.ref = next_ref_++;
    passenger.data = std::move(edit.data);
    passenger.data.earlier_names.clear();
    passenger.ticket = std::move(edit.ticket);
    passengers_.push_back(std::move(passenger));
    states_.push_back(State::kListed);
    ++outcome_.added;
  }

  void remove_who_is_off() {
    Roster::Passengers staying;
    staying.reserve(passengers_.size());
    for (std::size_t i = 0; i < passengers_.size(); ++i) {
      const bool off =
          states_[i] == State::kDeleted || (complete_ && states_[i] == State::kUntouched);
      if (off && !boarded_.contains(passengers_[i].ref)) {
        ++outcome_.removed;
        continue;
      }
      if (off) ++outcome_.kept_boarded;
      staying.push_back(std::move(passengers_[i]));
    }
    passengers_ = std::move(staying);
  }

  // The engine reads the newest earlier names.
  static void name_earlier(RosterPassenger& passenger) {
    const auto& history = passenger.history;
    const std::size_t kept = std::min(history.size(), ver::kMaxEarlierNames);
    passenger.data.earlier_names.clear();
    for (std::size_t i = history.size() - kept; i < history.size(); ++i) {
      passenger.data.earlier_names.push_back(history[i].name);
    }
  }

  const bool complete_;
  const std::set<int>& boarded_;
  const std::uint64_t now_;
  Roster::Passengers passengers_;
  std::vector<State> states_;
  std::multimap<std::string, std::size_t> by_identity_;
  std::vector<RosterEdit> unknown_;
  int next_ref_ = 1;
  RosterMerge outcome_;
};

// The text behind `key` in a remark such as "SEAT=14B"; nothing for another remark.
std::optional<std::string> column(const std::string& remark, std::string_view key) {
  if (remark.size() <= key.size() || remark[key.size()] != '=' || !remark.starts_with(key)) {
    return std::nullopt;
  }
  return remark.substr(key.size() + 1);
}

// ".R/TKNE HK1 2201234567890C1" and the CSV column: the first 13 digits in a row.
std::string ticket_in(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (!is_digit(c)) {
      digits.clear();
    } else if ((digits += c).size() == kTicketDigits) {
      return digits;
    }
  }
  return {};
}

void take_remark(RosterEdit& edit, const std::string& remark) {
  if (const auto day = column(remark, "BOOKED_ON")) {
    edit.data.booked_on = base::parse_iso_date(*day);
  }
  if (const auto sex = column(remark, "SEX")) {
    if (*sex == "M") edit.data.sex = ver::Sex::kMale;
    if (*sex == "F") edit.data.sex = ver::Sex::kFemale;
  }
  if (const auto ticket = column(remark, "TICKET")) edit.ticket = ticket_in(*ticket);
  if (remark.starts_with(".R/TKN")) edit.ticket = ticket_in(remark);
}

// The names of an element one by one: "2SMITH/JOHNMR/JANEMRS" is SMITH/JOHNMR and SMITH/JANEMRS.
// Empty when its parts are not as many as its passengers.
std::vector<std::string> names_in(const std::string& element, std::size_t passengers) {
  std::size_t at = 0;
  while (at < element.size() && is_digit(element[at])) ++at;
  std::vector<std::string> parts(1);
  for (; at < element.size(); ++at) {
    if (element[at] == '/') {
      parts.emplace_back();
    } else {
      parts.back() += element[at];
    }
  }
  if (parts.size() != passengers + 1) return {};
  std::vector<std::string> names;
  for (std::size_t i = 1; i < parts.size(); ++i) names.push_back(parts[0] + "/" + parts[i]);
  return names;
}

std::string rendered(const bcbp::Passenger& passenger) {
  return passenger.surname + "/" + passenger.given +
         (passenger.title.empty() ? "" : " " + passenger.title);
}

RosterEdit edit_of(const bcbp::ListedPassenger& listed, std::string name) {
  RosterEdit edit;
  if (listed.change == bcbp::ListChange::kDeleted) edit.action = RosterAction::kDelete;
  if (listed.change == bcbp::ListChange::kChanged) edit.action = RosterAction::kChange;
  ver::Passenger& data = edit.data;
  data.booked_name = base::PersonalText(std::move(name));
  data.locator = listed.locator;
  data.seat = listed.seat;
  data.sequence = listed.sequence;
  data.passenger_type = listed.passenger.ptc;
  if (listed.type == bcbp::TravellerType::kInfant) data.passenger_type = "INF";
  data.birth_date = listed.passenger.birth_date;
  data.documents = listed.documents;
  if (data.documents.size() > kMaxDocsPerPassenger) data.documents.resize(kMaxDocsPerPassenger);
  for (const std::string& remark : listed.remarks) take_remark(edit, remark);
  return edit;
}

}  // namespace

base::Result<RosterMerge> merge(const SharedRoster& roster, std::vector<RosterEdit> edits,
                                bool complete, const std::set<int>& boarded,
                                std::uint64_t now_unix_us) {
  Merger merger(roster, complete, boarded, now_unix_us);
  if (auto applied = merger.apply(std::move(edits)); !applied) {
    return tl::unexpected(applied.error());
  }
  return merger.finish(roster);
}

const RosterPassenger* find_booked(const Roster& roster, std::string_view locator,
                                   std::string_view booked_name) {
  const std::string letters = letters_of(booked_name);
  const RosterPassenger* found = nullptr;
  for (const RosterPassenger& passenger : *roster.passengers) {
    const bool named = letters_of(passenger.data.booked_name.reveal()) == letters ||
                       std::any_of(passenger.history.begin(), passenger.history.end(),
                                   [&](const EarlierName& name) {
                                     return letters_of(name.name.reveal()) == letters;
                                   });
    if (!named || passenger.data.locator != locator) continue;
    if (found != nullptr) return nullptr;
    found = &passenger;
  }
  return found;
}

std::vector<RosterEdit> edits_of(const bcbp::PassengerList& list) {
  const auto& all = list.passengers;
  const auto is_infant = [](const bcbp::ListedPassenger& listed) {
    return listed.type == bcbp::TravellerType::kInfant;
  };
  std::vector<RosterEdit> edits;
  for (std::size_t first = 0; first < all.size();) {
    std::size_t end = first;
    while (end < all.size() && all[end].line == all[first].line) ++end;
    std::vector<std::string> names;
    const auto infants = std::count_if(all.begin() + static_cast<std::ptrdiff_t>(first),
                                       all.begin() + static_cast<std::ptrdiff_t>(end), is_infant);
    if (list.kind == bcbp::ListKind::kCsv) {
      names = {all[first].name};
    } else {
      names = names_in(all[first].name, end - first - static_cast<std::size_t>(infants));
    }
    for (std::size_t i = first, next = 0; i < end; ++i) {
      const bool as_listed =
          next < names.size() && !(is_infant(all[i]) && infants > 0 && i > first);
      edits.push_back(edit_of(all[i], as_listed ? names[next++] : rendered(all[i].passenger)));
    }
    first = end;
  }
  return edits;
}

}  // namespace paxid::server
