#include "clients/device/live_client.h"

namespace paxid::device {

base::Result<void> LiveClient::connect(const sdk::ClientOptions& options) {
  auto client = sdk::AsyncClient::connect(options, heard(health_));
  if (!client) return tl::unexpected(client.error());
  client_.emplace(*std::move(client));
  return {};
}

}  // namespace paxid::device
