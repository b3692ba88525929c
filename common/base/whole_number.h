#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tacit {

/// 2^53: every tool that reads TOML or JSON reads whole numbers up to this one exactly.
inline constexpr std::int64_t kExactMost = std::int64_t{1} << 53;

/// Parses a whole number in decimal digits, with '-' before it if it is negative. Nothing for all
/// other text: with blanks, '+', leading zeros (some tools read them as octal) or fractions, empty,
/// or a number beyond 64 bits.
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace tacit
