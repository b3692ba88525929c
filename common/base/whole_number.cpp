#include "common/base/whole_number.h"

#include <charconv>

namespace tacit {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  const std::string_view digits = text.front() == '-' ? text.substr(1) : text;
  const bool padded = digits.front() == '0' && text.size() > 1;  // "-0", too
  return padded ? std::nullopt : std::optional(value);
}

}  // namespace tacit
