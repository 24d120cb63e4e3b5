#include "audit/leaf.h"

#include <algorithm>
#include <string_view>

#include "audit/crypto.h"
#include "base/check.h"

namespace paxid::audit {
namespace {

constexpr std::string_view kMagic = "PXA1";
constexpr std::uint8_t kLastType = static_cast<std::uint8_t>(RecordType::kRefusedRequest);

// Writes or reads one field after the other; the order of the calls is the layout.
class Writer {
 public:
  explicit Writer(LeafData& data) : data_(data) {}
  template <class Integer>
  void integer(Integer value) {
    for (int shift = 8 * static_cast<int>(sizeof(Integer)) - 8; shift >= 0; shift -= 8) {
      data_[at_++] = static_cast<std::uint8_t>(value >> shift);
    }
  }
  void bytes(ByteView value) {
    std::copy(value.begin(), value.end(), data_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += value.size();
  }
  std::size_t written() const { return at_; }

 private:
  LeafData& data_;
  std::size_t at_ = 0;
};

class Reader {
 public:
  explicit Reader(ByteView data) : data_(data) {}
  template <class Integer>
  void integer(Integer& value) {
    value = 0;
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
      value = static_cast<Integer>((std::uint64_t{value} << 8) | data_[at_++]);
    }
  }
  void bytes(std::span<std::uint8_t> value) {
    std::copy_n(data_.begin() + static_cast<std::ptrdiff_t>(at_), value.size(), value.begin());
    at_ += value.size();
  }

 private:
  ByteView data_;
  std::size_t at_ = 0;
};

tl::unexpected<base::Error> unreadable(std::string message) {
  return base::fail(base::ErrorCode::kInvalidArgument, std::move(message), "leaf");
}

}  // namespace

LeafData encode(const Leaf& leaf) {
  LeafData data;
  Writer out(data);
  out.bytes(bytes_of(kMagic));
  out.integer(static_cast<std::uint8_t>(leaf.type));
  out.integer(leaf.flags);
  out.integer(leaf.time_unix_us);
  out.bytes(leaf.request_id);
  out.bytes(leaf.subject_ref);
  out.bytes(leaf.actor);
  out.integer(leaf.decision);
  out.integer(leaf.reason_bits);
  out.integer(leaf.score);
  out.bytes(leaf.ruleset);
  out.bytes(leaf.software);
  out.bytes(leaf.trace_id);
  PAXID_CHECK(out.written() == kBodyCommitOffset);
  out.bytes(leaf.body_commit);
  PAXID_CHECK(out.written() == kLeafBytes);
  return data;
}

base::Result<Leaf> decode_leaf(ByteView data) {
  if (data.size() != kLeafBytes) return unreadable("a leaf has 186 bytes");
  if (!std::ranges::equal(data.first(3), bytes_of(kMagic.substr(0, 3)))) {
    return unreadable("not a leaf: wrong magic");
  }
  if (data[3] != bytes_of(kMagic)[3]) return unreadable("a leaf of an unknown version");
  if (data[4] < 1 || data[4] > kLastType) return unreadable("a leaf of an unassigned type");
  if ((data[5] & ~kFlagHasBody) != 0) return unreadable("a leaf with a reserved flag");

  Leaf leaf;
  leaf.type = static_cast<RecordType>(data[4]);
  Reader in(data.subspan(5));
  in.integer(leaf.flags);
  in.integer(leaf.time_unix_us);
  in.bytes(leaf.request_id);
  in.bytes(leaf.subject_ref);
  in.bytes(leaf.actor);
  in.integer(leaf.decision);
  in.integer(leaf.reason_bits);
  in.integer(leaf.score);
  in.bytes(leaf.ruleset);
  in.bytes(leaf.software);
  in.bytes(leaf.trace_id);
  in.bytes(leaf.body_commit);
  if (((leaf.flags & kFlagHasBody) != 0) != (leaf.body_commit != Hash{})) {
    return unreadable("a leaf whose body flag and body commitment contradict each other");
  }
  return leaf;
}

LeafData body_context(const LeafData& data) {
  LeafData context = data;
  std::fill(context.begin() + kBodyCommitOffset, context.end(), std::uint8_t{0});
  return context;
}

}  // namespace paxid::audit
