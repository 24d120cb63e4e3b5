#pragma once

#include <optional>
#include <string>
#include <string_view>

// A device that serves itself does not refuse a passenger: it sends him to a person, with a short
// code that leads to the record of what it asked.
//
// The code comes first: the request id of the verification is made of it, so that whoever knows
// the code knows the request id, on every server of the log and after a restart.
namespace paxid::sdk {

// 9 letters of 16, 36 bits. No vowels, so that no code is a word or a name; no letter that another
// keyboard layout exchanges (A, M, Q, W, Y, Z, I); no digits, which a French layout shifts.
inline constexpr std::string_view kReferralLetters = "BCDFGHJKLNPRSTVX";
inline constexpr std::size_t kReferralCodeLength = 9;

// Random. Unique enough for a log: among 10^8 records of kiosks one in 700 meets another's; that
// request is refused with ALREADY_EXISTS, and is asked again with a new code.
std::string new_referral_code();

// "KTRFNPDXG" of what a person types or a scanner sends: letters in any case, parted by spaces or
// hyphens. Nothing for another text.
std::optional<std::string> referral_code_from(std::string_view text);

// "KTR-FNP-DXG", as it is shown. Requires a code.
std::string shown_referral_code(std::string_view code);

// The request id that belongs to a code: a UUID version 8 (RFC 9562 section 5.8), the first bits of
// the SHA-256 of "paxid/referral/v1\n" and the code. Requires a code.
std::string request_id_of_referral(std::string_view code);

}  // namespace paxid::sdk
