#include "audit/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "audit/merkle.h"
#include "base/base64.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

tl::unexpected<base::Error> unreadable(std::string message) {
  return base::fail(ErrorCode::kInvalidArgument, std::move(message), "checkpoint");
}

// Takes one line off `text`; nothing when no newline is left.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

base::Result<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() ||
      (text.size() > 1 && text.front() == '0') || value > kMaxTreeSize) {
    return base::fail(ErrorCode::kInvalidArgument, "not a decimal number of at most 2^62");
  }
  return value;
}

std::string to_text(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
                     base::to_base64(checkpoint.root) + "\n";
  for (const std::string& line : checkpoint.extensions) text += line + "\n";
  return text;
}

base::Result<Checkpoint> parse_checkpoint(std::string_view text) {
  Checkpoint checkpoint;
  const auto origin = take_line(text);
  if (!origin || origin->empty()) return unreadable("the checkpoint has no origin");
  if (origin->size() > kMaxOriginBytes) return unreadable("the origin is longer than 255 bytes");
  checkpoint.origin = *origin;

  const auto size_line = take_line(text);
  if (!size_line) return unreadable("the checkpoint has no tree size");
  const auto size = parse_decimal(*size_line);
  if (!size) return unreadable("the tree size is not a decimal number of at most 2^62");
  checkpoint.size = *size;

  const auto root_line = take_line(text);
  if (!root_line) return unreadable("the checkpoint has no root");
  const auto root = base::from_base64(*root_line);
  if (!root || root->size() != checkpoint.root.size()) {
    return unreadable("the root is not 32 bytes in base64");
  }
  std::copy(root->begin(), root->end(), checkpoint.root.begin());
  if (checkpoint.size == 0 && checkpoint.root != empty_root()) {
    return unreadable("the root is not that of the empty tree");
  }

  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line || line->empty()) return unreadable("an extension line is empty or has no end");
    if (checkpoint.extensions.size() == kMaxExtensionLines) {
      return unreadable("the checkpoint has more than 16 extension lines");
    }
    checkpoint.extensions.emplace_back(*line);
  }
  return checkpoint;
}

base::Result<std::string> sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  return sign_note(to_text(checkpoint), checkpoint.origin, key);
}

base::Result<Checkpoint> open_checkpoint(std::string_view note,
                                         std::span<const VerifierKey> trusted,
                                         std::string_view origin) {
  const auto opened = open_note(note, trusted);
  if (!opened) {
    return base::fail(opened.error().code, opened.error().message, "checkpoint");
  }
  auto checkpoint = parse_checkpoint(opened->text);
  if (!checkpoint) return checkpoint;
  if (checkpoint->origin != origin) return unreadable("the checkpoint is of another log");
  const bool by_the_log = std::ranges::any_of(
      opened->signatures, [&](const NoteSignature& line) { return line.name == origin; });
  if (!by_the_log) {
    return base::fail(ErrorCode::kPermissionDenied, "the log itself did not sign the checkpoint",
                      "checkpoint");
  }
  return checkpoint;
}

}  // namespace paxid::audit
