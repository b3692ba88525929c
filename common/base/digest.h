#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tacit {

/// 64-bit XXH3. Not cryptographic: it distinguishes runs and files, it does not authenticate them.
std::uint64_t hash_bytes(std::span<const std::byte> bytes);
std::uint64_t hash_text(std::string_view text);

/// The digest of a run: hash of the machines' digests by ascending process id.
std::uint64_t run_digest(std::span<const std::uint64_t> machine_digests);

/// 16 hexadecimal digits.
std::string to_hex(std::uint64_t value);

/// Nothing unless the text is 1 to 16 hexadecimal digits.
std::optional<std::uint64_t> from_hex(std::string_view text);

}  // namespace tacit
