#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace tacit {

/// CRC32C (Castagnoli, reflected, as in iSCSI, RFC 3720 appendix B.4) by the processor's own
/// instruction.
std::uint32_t crc32c(std::span<const std::byte> bytes);

}  // namespace tacit
