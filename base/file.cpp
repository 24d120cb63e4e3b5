#include "base/file.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <istream>
#include <system_error>

namespace paxid::base {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;

}  // namespace

Result<std::string> read_stream(std::istream& in, std::size_t max_bytes) {
  std::string text;
  while (in) {
    const std::size_t before = text.size();
    // One byte more than the limit tells "full" from "too large".
    const std::size_t wanted = std::min(kChunkBytes, max_bytes - before + 1);
    text.resize(before + wanted);
    in.read(text.data() + before, static_cast<std::streamsize>(wanted));
    text.resize(before + static_cast<std::size_t>(in.gcount()));
    if (text.size() > max_bytes) {
      return fail(ErrorCode::kResourceExhausted,
                  "is larger than " + std::to_string(max_bytes) + " bytes");
    }
  }
  if (in.bad()) return fail(ErrorCode::kUnavailable, "cannot be read");
  return text;
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  if (!in || std::filesystem::is_directory(path, error)) {
    return fail(ErrorCode::kNotFound, "cannot read " + path, path);
  }
  auto text = read_stream(in, max_bytes);
  if (!text) return fail(text.error().code, path + " " + text.error().message, path);
  return text;
}

}  // namespace paxid::base
