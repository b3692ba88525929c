#pragma once

#include <cstdint>

namespace tacit {

/// Traffic over one arc. frame_bytes + emulation_bytes are all bytes on the wire.
struct MessageCount {
  std::uint64_t count = 0;
  std::uint64_t payload_bits = 0;     ///< payloads of the machines
  std::uint64_t frame_bytes = 0;      ///< frames of data, payload included, emulation not
  std::uint64_t emulation_bytes = 0;  ///< needed by the emulation only: control frames, acks, poses

  /// Adds a frame that carried a pose. The pose counts as emulation; so does the whole frame if its
  /// receiver was out of reach and did not hear it.
  void add_frame(const MessageCount& data, std::uint64_t pose_bytes, bool heard) {
    emulation_bytes += pose_bytes + (heard ? 0 : data.frame_bytes);
    if (heard) *this += data;
  }

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
