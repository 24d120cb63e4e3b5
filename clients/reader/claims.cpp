#include "clients/reader/claims.h"

#include <utility>

#include "mrz/aamva.h"

namespace paxid::reader {
namespace {

namespace ver = verification;
using base::PersonalText;

ver::Claim scanned(ver::Source source, ver::ClaimValue value) {
  return {source, ver::CaptureMethod::kScanned, ver::Assurance::kAsserted, std::move(value)};
}

void add_licence(const mrz::Licence& licence, std::vector<ver::Claim>& claims) {
  const auto add = [&](ver::ClaimValue value) {
    claims.push_back(scanned(ver::Source::kVisual, std::move(value)));
  };
  ver::PersonName name;
  name.surname = PersonalText(licence.suffix.empty() ? licence.surname
                                                     : licence.surname + " " + licence.suffix);
  name.given = PersonalText(licence.given_names);
  add(ver::NameClaim{std::move(name)});
  if (licence.birth_date) add(ver::BirthDateClaim{*licence.birth_date});
  if (licence.expiry_date) add(ver::ExpiryDateClaim{*licence.expiry_date});
  if (licence.sex == 'M') add(ver::SexClaim{ver::Sex::kMale});
  if (licence.sex == 'F') add(ver::SexClaim{ver::Sex::kFemale});
  if (!licence.number.empty()) add(ver::DocumentNumberClaim{PersonalText(licence.number)});
  if (licence.country == "USA" || licence.country == "CAN") add(ver::IssuerClaim{licence.country});
}

}  // namespace

std::vector<ver::Claim> claims_of(const std::optional<Scan>& pass,
                                  const std::optional<Scan>& document, base::Date today) {
  std::vector<ver::Claim> claims;
  if (pass) claims.push_back(scanned(ver::Source::kBoardingPass, ver::PassClaim{pass->text}));
  if (!document) return claims;
  if (mrz::is_licence_text(document->text.reveal())) {
    add_licence(mrz::read_licence(document->text.reveal(), today), claims);
  } else {
    claims.push_back(scanned(ver::Source::kMrz, ver::ZoneClaim{document->text}));
  }
  return claims;
}

}  // namespace paxid::reader
