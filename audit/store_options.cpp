#include "audit/store_options.h"

#include "audit/file.h"
#include "audit/log_name.h"

namespace paxid::audit {

using base::ErrorCode;

base::Result<void> check_options(const StoreOptions& options) {
  if (!is_origin_prefix(options.origin_prefix)) {
    return base::fail(ErrorCode::kInvalidArgument,
                      "an origin prefix is 1 to 180 bytes without spaces and '+'", "origin_prefix");
  }
  if (options.max_queued == 0) {
    return base::fail(ErrorCode::kInvalidArgument, "the queue needs room", "max_queued");
  }
  return {};
}

base::Result<SigningKey> open_signing_key(const std::string& path, bool create) {
  auto key = create && !file_exists(path) ? SigningKey::create(path) : SigningKey::load(path);
  if (!key) {
    return base::fail(ErrorCode::kFailedPrecondition, key.error().message, "signing_key_file");
  }
  return key;
}

}  // namespace paxid::audit
