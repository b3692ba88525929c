#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tacit {

/// The greatest whole number up to which every tool that reads TOML or JSON gets all of them
/// exactly: 2^53.
inline constexpr std::int64_t kExactMost = std::int64_t{1} << 53;

/// Text as a whole number in decimal digits, with '-' before it if it is negative. Nothing else is
/// one: no blanks, '+', leading zeros (some tools read them as octal), fractions, empty text, or
/// numbers beyond 64 bits.
std::optional<std::int64_t> whole_number(std::string_view text);

}  // namespace tacit
