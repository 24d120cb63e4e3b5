#include <string>

#include "bcbp/boarding_pass.h"

namespace paxid::bcbp {
namespace {

bool set_size(Size& size, std::size_t length) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  if (length > 255) return false;
  size = {{kHex[length / 16], kHex[length % 16]}, 2};
  return true;
}

template <std::size_t N>
std::size_t length_of(const FixedList<std::string_view, N>& fields) {
  std::size_t sum = 0;
  for (const std::string_view field : fields) sum += field.size();
  return sum;
}
std::size_t length_of(const Field& field) { return field ? field->size() : 0; }

void append(std::string& out, const Field& field) {
  if (field) out += *field;
}
template <std::size_t N>
void append(std::string& out, const FixedList<std::string_view, N>& fields) {
  for (const std::string_view field : fields) out += field;
}

}  // namespace

std::string write(const Pass& pass) {
  std::string out(pass.scanner_prefix);
  out += pass.format;
  out += static_cast<char>('0' + pass.leg_count);
  append(out, pass.mandatory);
  for (std::size_t i = 0; i < pass.legs.size(); ++i) {
    const Leg& leg = pass.legs[i];
    append(out, leg.mandatory);
    out += leg.variable_size.text();
    if (i == 0) {
      append(out, pass.version_marker);
      append(out, pass.version);
      out += pass.unique_size.text();
      append(out, pass.unique);
      append(out, pass.unique_extra);
    }
    out += leg.repeated_size.text();
    append(out, leg.repeated);
    append(out, leg.repeated_extra);
    append(out, leg.airline_use);
  }
  if (pass.security.marked) {
    out += '^';
    append(out, pass.security.type);
    out += pass.security.size.text();
    append(out, pass.security.data);
  }
  out += pass.trailing;
  out += pass.line_end;
  return out;
}

bool set_sizes(Pass& pass) {
  bool fits = true;
  for (std::size_t i = 0; i < pass.legs.size(); ++i) {
    Leg& leg = pass.legs[i];
    const bool marked = i > 0 || pass.version_marker;
    const std::size_t repeated = length_of(leg.repeated) + length_of(leg.repeated_extra);
    std::size_t block = length_of(leg.airline_use) + repeated;
    if (i == 0 && marked) {
      const std::size_t unique = length_of(pass.unique) + length_of(pass.unique_extra);
      fits &= set_size(pass.unique_size, unique);
      block += length_of(pass.version_marker) + length_of(pass.version) + 2 + unique;
    }
    leg.repeated_size = {};
    if (i == 0 && !marked) pass.unique_size = {};
    if (marked && block > 0) {
      fits &= set_size(leg.repeated_size, repeated);
      block += 2;
    }
    fits &= set_size(leg.variable_size, block);
  }
  if (pass.security.marked) fits &= set_size(pass.security.size, length_of(pass.security.data));
  return fits;
}

}  // namespace paxid::bcbp
