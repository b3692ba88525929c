#include "common/base/digest.h"

#include <xxhash.h>

#include <array>
#include <charconv>
#include <cstdio>

namespace tacit {

std::uint64_t hash_bytes(std::span<const std::byte> bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t hash_text(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::uint64_t run_digest(std::span<const std::uint64_t> machine_digests) {
  return hash_bytes(std::as_bytes(machine_digests));
}

std::string to_hex(std::uint64_t value) {
  std::array<char, 17> text;
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(value));
  return text.data();
}

std::optional<std::uint64_t> from_hex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole && text.size() <= 16 ? std::optional(value) : std::nullopt;
}

}  // namespace tacit
