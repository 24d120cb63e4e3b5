#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "clients/sdk/client.h"
#include "tests/integration/server_process.h"

namespace paxid::integration {

// Deadlines in these tests only catch what hangs.
inline constexpr std::chrono::seconds kPatience{60};

inline sdk::ClientOptions options_for(const Site& site, const ServerProcess& server,
                                      const std::string& principal) {
  return {server.address(), site.tls("ca.pem"), site.tls(principal + ".pem"),
          site.tls(principal + ".key"), kPatience};
}

inline sdk::Client client_for(const Site& site, const ServerProcess& server,
                              const std::string& principal) {
  auto client = sdk::Client::connect(options_for(site, server, principal));
  if (!client) ADD_FAILURE() << client.error().message;
  return std::move(*client);
}

// Booking and printed name of an invented passenger.
inline sdk::Request request_of(const std::string& booking, const std::string& surname,
                               const std::string& given) {
  sdk::Request request;
  request.request_id = sdk::new_request_id();
  request.claims.push_back({verification::Source::kBooking, verification::CaptureMethod::kReceived,
                            verification::Assurance::kAsserted,
                            verification::BookingNameClaim{base::PersonalText(booking)}});
  verification::PersonName name;
  name.surname = base::PersonalText(surname);
  name.given = base::PersonalText(given);
  request.claims.push_back({verification::Source::kVisual, verification::CaptureMethod::kScanned,
                            verification::Assurance::kAsserted,
                            verification::NameClaim{std::move(name)}});
  return request;
}

inline sdk::Request matching_request() { return request_of("MUELLER/HANS MR", "MÜLLER", "HANS"); }

}  // namespace paxid::integration
