#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace paxid::sdk {

// Who a device is to the server, and how long.
struct DeviceCertificate {
  std::string uri;  // of the certificate's subject; empty: it has none
  std::int64_t not_before_unix_seconds = 0;
  std::int64_t not_after_unix_seconds = 0;
};

// Reads the first certificate of a PEM file. NOT_FOUND, RESOURCE_EXHAUSTED (larger than 1 MiB) or
// INVALID_ARGUMENT (no certificate), all naming the file.
base::Result<DeviceCertificate> read_device_certificate(const std::string& file);

}  // namespace paxid::sdk
