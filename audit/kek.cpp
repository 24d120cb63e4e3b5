#include "audit/kek.h"

#include <string.h>

#include <cstdlib>

#include "audit/crypto.h"
#include "audit/file.h"
#include "base/base64.h"

namespace paxid::audit {
namespace {

using base::ErrorCode;

constexpr std::string_view kVariable = "env:";
constexpr std::string_view kCredential = "credential:";

std::string environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? "" : value;
}

base::Result<base::SecretBytes> from_variable(std::string_view name) {
  std::string text = environment(std::string(name));
  if (text.empty()) {
    return base::fail(ErrorCode::kNotFound, "the variable " + std::string(name) + " is not set");
  }
  auto decoded = base::from_base64(text);
  explicit_bzero(text.data(), text.size());
  if (!decoded) {
    return base::fail(ErrorCode::kFailedPrecondition,
                      "the variable " + std::string(name) + " is no base64");
  }
  base::SecretBytes key{ByteView(*decoded)};
  explicit_bzero(decoded->data(), decoded->size());
  return key;
}

// The service manager guards its directory; the mode of a file in it may show a group that an
// access list has put there.
base::Result<base::SecretBytes> from_credential(std::string_view source) {
  const std::string path = kek_path(source);
  if (path.empty()) {
    return base::fail(ErrorCode::kNotFound,
                      std::string(source) + ": the service manager has handed over no credentials");
  }
  return read_secret_file(path, kMaxKeyFileBytes);
}

}  // namespace

bool is_kek_file(std::string_view source) {
  return !source.starts_with(kVariable) && !source.starts_with(kCredential);
}

std::string kek_path(std::string_view source) {
  if (source.starts_with(kVariable)) return {};
  if (!source.starts_with(kCredential)) return std::string(source);
  const std::string directory = environment("CREDENTIALS_DIRECTORY");
  if (directory.empty()) return {};
  return directory + "/" + std::string(source.substr(kCredential.size()));
}

base::Result<base::SecretBytes> load_kek(std::string_view source) {
  auto key = source.starts_with(kVariable) ? from_variable(source.substr(kVariable.size()))
             : source.starts_with(kCredential)
                 ? from_credential(source)
                 : read_private_file(std::string(source), kMaxKeyFileBytes);
  const auto fail = [](ErrorCode code, const std::string& message) {
    return base::fail(code, message, "kek");
  };
  if (!key && key.error().code == ErrorCode::kNotFound) {
    const bool is_unfinished =
        is_kek_file(source) && file_exists(next_kek_path(std::string(source)));
    return fail(ErrorCode::kNotFound,
                key.error().message +
                    (is_unfinished ? "; its replacement was interrupted: replace it again" : ""));
  }
  if (!key) return fail(ErrorCode::kFailedPrecondition, key.error().message);
  // A credential that has none is handed over empty.
  if (key->empty() && !is_kek_file(source)) {
    return fail(ErrorCode::kNotFound, std::string(source) + " is empty");
  }
  if (key->size() != kKeyBytes) {
    return fail(ErrorCode::kFailedPrecondition, std::string(source) + ": a key has 32 bytes");
  }
  return key;
}

base::Result<void> create_kek(const std::string& path) {
  base::SecretBytes key(kKeyBytes);
  if (auto filled = fill_random(key.fill()); !filled) return filled;
  return create_private_file(path, key.reveal());
}

std::string next_kek_path(const std::string& path) { return path + ".next"; }

base::Result<void> destroy_kek(const std::string& path) { return destroy_file(path); }

base::Result<base::SecretBytes> open_kek(const std::string& source, bool create) {
  if (create && is_kek_file(source) && !file_exists(source)) {
    if (auto made = create_kek(source); !made) return tl::unexpected(made.error());
  }
  auto kek = load_kek(source);
  if (!kek) return base::fail(ErrorCode::kFailedPrecondition, kek.error().message, "kek");
  return kek;
}

}  // namespace paxid::audit
