#include "common/wire/crc32c.h"

#include <nmmintrin.h>

#include <cstring>

namespace tacit {

std::uint32_t crc32c(std::span<const std::byte> bytes) {
  std::uint64_t crc = 0xffffffffu;
  while (bytes.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    crc = _mm_crc32_u64(crc, word);
    bytes = bytes.subspan(8);
  }
  auto rest = static_cast<std::uint32_t>(crc);
  for (const std::byte byte : bytes) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(byte));
  return ~rest;
}

}  // namespace tacit
