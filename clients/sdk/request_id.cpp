#include <sys/random.h>

#include <array>
#include <chrono>
#include <cstdint>

#include "base/check.h"
#include "base/hex.h"
#include "clients/sdk/client.h"

namespace paxid::sdk {

std::string new_request_id() {
  std::array<std::uint8_t, 16> id{};
  // Up to 256 bytes come whole and without waiting once the system has started.
  PAXID_CHECK(getrandom(id.data(), id.size(), 0) == static_cast<ssize_t>(id.size()));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  auto ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  for (int i = 5; i >= 0; --i, ms >>= 8) id[static_cast<std::size_t>(i)] = ms & 0xFF;
  id[6] = static_cast<std::uint8_t>(0x70 | (id[6] & 0x0F));
  id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3F));
  std::string text = base::to_hex(id);
  for (std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

}  // namespace paxid::sdk
