#include <array>
#include <charconv>
#include <cmath>

#include "common/base/check.h"
#include "common/config/config_content.h"

namespace tacit {

std::string to_toml(double value) {
  TACIT_CHECK(std::isfinite(value), "only finite numbers are written to a configuration");
  std::array<char, 40> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  std::string text(digits.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string to_toml(std::int64_t value) { return std::to_string(value); }

std::string to_toml(bool value) { return value ? "true" : "false"; }

std::string to_toml(std::string_view value) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "\"";
  for (const char letter : value) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      text += '\\';
      text += letter;
    } else if (code < 0x20 || code == 0x7f) {
      text += "\\u00";
      text += kDigits[code / 16];
      text += kDigits[code % 16];
    } else {
      text += letter;
    }
  }
  return text + "\"";
}

}  // namespace tacit
