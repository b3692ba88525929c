#include "common/base/printable.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace tacit {
namespace {

struct Letter {
  std::size_t size;    ///< bytes
  std::uint32_t code;  ///< of Unicode
};

struct Codes {
  std::uint32_t first;
  std::uint32_t last;
};

/// Controls, characters without width, changes of the writing direction, byte-order marks.
constexpr std::array<Codes, 9> kHidden{{{0x00, 0x1f},
                                        {0x7f, 0x9f},
                                        {0xad, 0xad},
                                        {0x061c, 0x061c},
                                        {0x200b, 0x200f},
                                        {0x2028, 0x202e},
                                        {0x2060, 0x206f},
                                        {0xfeff, 0xfeff},
                                        {0xe0000, 0xe0fff}}};

/// The first letter of `text`; a byte that begins none has code 0. @pre the text is not empty
Letter first_letter(std::string_view text) {
  const auto byte = [&](std::size_t k) { return static_cast<std::uint32_t>(text[k] & 0xff); };
  const std::uint32_t head = byte(0);
  if (head < 0x80) return {1, head};
  const std::size_t size = head >= 0xf0 ? 4 : head >= 0xe0 ? 3 : 2;
  if (head < 0xc2 || head > 0xf4 || text.size() < size) return {1, 0};
  std::uint32_t code = head & (0xffU >> (size + 1));
  for (std::size_t k = 1; k < size; ++k) {
    if ((byte(k) & 0xc0) != 0x80) return {1, 0};
    code = code << 6 | (byte(k) & 0x3f);
  }
  constexpr std::array<std::uint32_t, 5> kLeast{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[size] || code > 0x10ffff || is_surrogate) return {1, 0};
  return {size, code};
}

bool is_shown(const Letter& letter) {
  for (const Codes& hidden : kHidden) {
    if (letter.code >= hidden.first && letter.code <= hidden.last) return false;
  }
  return true;
}

}  // namespace

std::size_t size_of_letter(std::string_view text) {
  const Letter letter = first_letter(text);
  return letter.code == 0 ? 0 : letter.size;
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    if (!is_shown(letter)) return false;
    text.remove_prefix(letter.size);
  }
  return true;
}

std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string shown;
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    const std::string_view bytes = text.substr(0, letter.size);
    text.remove_prefix(letter.size);
    if (is_shown(letter) || (bytes == "\n" && text.starts_with("  "))) {
      shown += bytes;
      continue;
    }
    for (const char byte : bytes) {
      shown += "\\x";
      shown += kDigits[static_cast<unsigned char>(byte) / 16];
      shown += kDigits[static_cast<unsigned char>(byte) % 16];
    }
  }
  return shown;
}

}  // namespace tacit
