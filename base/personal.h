#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace paxid::base {

// Text about a person: a name, a document number, a birth date as printed. It has no
// stream operator and no implicit conversion, so it cannot slip into a log line, an error
// text or a metric; whoever needs the text says so with reveal(), which is easy to find.
class PersonalText {
 public:
  PersonalText() = default;
  explicit PersonalText(std::string text) : text_(std::move(text)) {}

  const std::string& reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend bool operator==(const PersonalText&, const PersonalText&) = default;
  template <class Stream>
  friend Stream& operator<<(Stream&, const PersonalText&) = delete;
  // What GoogleTest prints of it.
  friend void PrintTo(const PersonalText&, std::ostream* out);

 private:
  std::string text_;
};

}  // namespace paxid::base
