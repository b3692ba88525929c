#include "deploy/report/script_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace tacit {
namespace {

/// Nine colours of the viridis scale (Smith & van der Walt, 2015, released as CC0).
constexpr std::array<std::array<int, 3>, 9> kScale = {{{68, 1, 84},
                                                       {71, 44, 122},
                                                       {59, 81, 139},
                                                       {44, 113, 142},
                                                       {33, 144, 141},
                                                       {39, 173, 129},
                                                       {92, 200, 99},
                                                       {170, 220, 50},
                                                       {253, 231, 37}}};

}  // namespace

std::string script_quoted(std::string_view text) {
  std::string result = "'";
  for (const char letter : text) {
    const bool control = static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    result += control ? ' ' : letter;
    if (letter == '\'') result += '\'';
  }
  return result + '\'';
}

std::string digits(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string legend(const std::vector<std::string>& names) {
  constexpr std::size_t kLettersAcross = 104;
  constexpr std::size_t kLettersOfSample = 8;
  std::size_t longest = 0;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  if (longest == 0) return "unset key\n";
  const std::size_t columns =
      std::clamp<std::size_t>(kLettersAcross / (longest + kLettersOfSample), 1, names.size());
  const std::size_t rows = (names.size() + columns - 1) / columns;
  return "set key at screen 0.5, screen 0.01 bottom center horizontal Left reverse maxcols " +
         std::to_string(columns) + "\nset bmargin " +
         digits(4.6 + 1.2 * static_cast<double>(rows)) + '\n';
}

std::string scale_colour(double place) {
  const double position = std::clamp(place, 0.0, 1.0) * static_cast<double>(kScale.size() - 1);
  const std::size_t below = std::min(static_cast<std::size_t>(position), kScale.size() - 2);
  const double part = position - static_cast<double>(below);
  std::array<int, 3> colour;
  for (std::size_t k = 0; k < colour.size(); ++k) {
    const double mixed = (1 - part) * kScale[below][k] + part * kScale[below + 1][k];
    colour[k] = static_cast<int>(std::lround(mixed));
  }
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "#%02x%02x%02x", static_cast<unsigned>(colour[0]),
                static_cast<unsigned>(colour[1]), static_cast<unsigned>(colour[2]));
  return text.data();
}

}  // namespace tacit
