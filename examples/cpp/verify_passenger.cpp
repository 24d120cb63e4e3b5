// Asks a paxid server about one passenger, first waiting for the answer, then without.
//   verify_passenger SERVER CA CERTIFICATE KEY
#include <clients/sdk/async_client.h>
#include <clients/sdk/client.h>

#include <future>
#include <iostream>

namespace {

using namespace paxid;

sdk::Request passenger() {
  sdk::Request request;
  // Keep the id: a repeated request with the same one never leaves a second record.
  request.request_id = sdk::new_request_id();
  request.channel = sdk::Channel::kDesk;
  request.claims.push_back(
      {verification::Source::kBooking, verification::CaptureMethod::kReceived,
       verification::Assurance::kAsserted,
       verification::BookingNameClaim{base::PersonalText("MUELLER/HANS MR")}});
  verification::PersonName name;
  name.surname = base::PersonalText("MÜLLER");
  name.given = base::PersonalText("HANS");
  request.claims.push_back({verification::Source::kVisual, verification::CaptureMethod::kTyped,
                            verification::Assurance::kAsserted,
                            verification::NameClaim{std::move(name)}});
  return request;
}

int show(const base::Result<sdk::Answer>& answer) {
  if (!answer) {
    std::cerr << base::name_of(answer.error().code) << ": " << answer.error().message << "\n";
    return 1;
  }
  std::cout << verification::name_of(answer->report.verdict) << ": "
            << answer->report.sentence.literal.reveal() << "\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  sdk::ClientOptions options;
  options.server = argv[1];
  options.ca_file = argv[2];
  options.certificate_file = argv[3];
  options.key_file = argv[4];
  const auto client = sdk::Client::connect(options);
  if (!client) return show(tl::unexpected(client.error()));
  if (const int failed = show(client->verify(passenger())); failed != 0) return failed;

  const auto asking = sdk::AsyncClient::connect(options, [](bool answers) {
    std::cerr << (answers ? "the server answers\n" : "the server does not answer\n");
  });
  if (!asking) return show(tl::unexpected(asking.error()));
  std::promise<base::Result<sdk::Answer>> later;
  asking->verify(passenger(), [&](const base::Result<sdk::Answer>& answer) {
    later.set_value(answer);
  });
  return show(later.get_future().get());
}
