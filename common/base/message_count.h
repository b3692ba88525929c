#pragma once

#include <cstdint>

namespace tacit {

/// What went over one arc. frame_bytes + emulation_bytes is all that was on the wire.
struct MessageCount {
  std::uint64_t count = 0;
  std::uint64_t payload_bits = 0;  ///< what the machines said
  std::uint64_t frame_bytes = 0;   ///< frames of data, payload included, emulation not
  std::uint64_t emulation_bytes =
      0;  ///< what only the emulation needs: control frames, acks, poses

  MessageCount& operator+=(const MessageCount& other) {
    count += other.count;
    payload_bits += other.payload_bits;
    frame_bytes += other.frame_bytes;
    emulation_bytes += other.emulation_bytes;
    return *this;
  }
  bool operator==(const MessageCount&) const = default;
};

}  // namespace tacit
