#include "matcher/supposition.h"

#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "matcher/evidence.h"
#include "matcher/part.h"

namespace paxid::matcher {
namespace {

// What is compared, with the parts of one of its reasons.
struct Aligned {
  const Prepared& a;
  const Prepared& b;
  Evidence evidence;
  bool turned = false;

  Aligned(const PreparedName& one, const PreparedName& other)
      : a(*one.content()), b(*other.content()), turned(comes_before(b, a)) {
    gather(turned ? b : a, turned ? a : b, evidence);
  }
  PartRun run_of_a(const Piece& piece) const { return turned ? piece.y : piece.x; }
  PartRun run_of_b(const Piece& piece) const { return turned ? piece.x : piece.y; }
  const Piece& piece(std::size_t reason) const {
    PAXID_CHECK(reason < evidence.pieces.size());
    return evidence.pieces[reason];
  }
};

struct WrittenPart {
  std::string written;
  Field field;
};

// A name as its parts, which may be changed and prepared again.
class Writing {
 public:
  explicit Writing(const Prepared& name) : name_(name) {
    for (const Part& part : name.parts) parts_.push_back({part.word.written, part.field});
  }

  std::vector<WrittenPart> copy(PartRun run) const {
    return {parts_.begin() + run.first, parts_.begin() + run.first + run.count};
  }
  void remove(PartRun run) {
    parts_.erase(parts_.begin() + run.first, parts_.begin() + run.first + run.count);
  }
  // Into the field that `field` says, or where that is not known that of the part before.
  void insert(std::size_t at, std::vector<WrittenPart> words, Field field) {
    if (field == Field::kUnknown && at > 0) field = parts_[at - 1].field;
    if (name_.has_fields && field == Field::kUnknown) field = parts_[at].field;
    for (WrittenPart& word : words) word.field = field;
    parts_.insert(parts_.begin() + static_cast<std::ptrdiff_t>(at),
                  std::make_move_iterator(words.begin()), std::make_move_iterator(words.end()));
  }
  void exchange_fields() {
    for (WrittenPart& part : parts_) {
      part.field = part.field == Field::kSurname ? Field::kGiven : Field::kSurname;
    }
  }

  PreparedName prepared() const {
    NameText text;
    text.source = name_.source;
    text.language = name_.language;
    text.maybe_truncated = name_.cut;
    for (const WrittenPart& part : parts_) {
      std::string& field = !name_.has_fields               ? text.full
                           : part.field == Field::kSurname ? text.surname
                                                           : text.given;
      if (!field.empty()) field += ' ';
      field += part.written;
    }
    return prepare(text);
  }

 private:
  const Prepared& name_;
  std::vector<WrittenPart> parts_;
};

// Behind what the other name has of the part before the run.
std::size_t place_in_b(const Aligned& names, PartRun run) {
  std::size_t place = 0;
  for (const Piece& piece : names.evidence.pieces) {
    const PartRun a = names.run_of_a(piece);
    const PartRun b = names.run_of_b(piece);
    if (a.empty() || b.empty() || a.first + a.count != run.first) continue;
    place = b.first + std::size_t{b.count};
  }
  return place;
}

// As `b` would be with the parts that `a` has in the run, in place of its own or beside them.
PreparedName b_as_a(const Aligned& names, PartRun of_a, PartRun of_b) {
  const std::vector<WrittenPart> words = Writing(names.a).copy(of_a);
  Writing b(names.b);
  if (of_b.empty()) {
    b.insert(place_in_b(names, of_a), words, names.a.parts[of_a.first].field);
  } else {
    const Field field = names.b.parts[of_b.first].field;
    b.remove(of_b);
    b.insert(of_b.first, words, field);
  }
  return b.prepared();
}

}  // namespace

Comparison compare_if_same(const PreparedName& a, const PreparedName& b, std::size_t reason) {
  const Aligned there(a, b);
  const Aligned back(b, a);
  const Piece& piece = there.piece(reason);
  const PartRun of_a = there.run_of_a(piece);
  const PartRun of_b = there.run_of_b(piece);
  if (of_a.empty() && of_b.empty()) {
    if (piece.code != ReasonCode::kFieldsSwapped) return compare(a, b);
    Writing straight(there.b);
    straight.exchange_fields();
    return compare(a, straight.prepared());
  }
  if (of_b.empty()) return compare(a, b_as_a(there, of_a, of_b));
  if (of_a.empty()) return compare(b_as_a(back, of_b, of_a), b);
  Comparison by_a = compare(a, b_as_a(there, of_a, of_b));
  Comparison by_b = compare(b_as_a(back, of_b, of_a), b);
  constexpr double kEvenOdds = 0.5;
  return confidence(by_a, kEvenOdds) <= confidence(by_b, kEvenOdds) ? by_a : by_b;
}

Comparison compare_without(const PreparedName& a, const PreparedName& b, std::size_t reason) {
  const Aligned names(a, b);
  const Piece& piece = names.piece(reason);
  Writing left_of_a(names.a);
  Writing left_of_b(names.b);
  left_of_a.remove(names.run_of_a(piece));
  left_of_b.remove(names.run_of_b(piece));
  return compare(left_of_a.prepared(), left_of_b.prepared());
}

}  // namespace paxid::matcher
