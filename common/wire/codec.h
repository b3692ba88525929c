#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/geometry.h"
#include "common/base/ids.h"

namespace tacit {

inline constexpr std::uint32_t kProtocolVersion = 3;

/// Longest packet that a process may send: a directory of 10,000 peers fits.
inline constexpr std::size_t kLongestPacketBytes = 1 << 20;
/// Longest payload of one frame.
inline constexpr std::size_t kLongestPayloadBytes = 1 << 16;
/// Longest policy that the coordinator can send in one packet.
inline constexpr std::size_t kLongestPolicyBytes = kLongestPacketBytes - 1024;

enum class PacketKind {
  frame,
  hello,
  ack,
  done,
  register_process,
  directory,
  refusal,
  policy_request,
  policy,
  again,
  wait,
};

/// How a process identifies itself and the computation it runs: two processes run together only if
/// all fields but the incarnation and the endpoint are equal.
struct Greeting {
  std::uint32_t protocol_version = kProtocolVersion;
  std::uint64_t config_hash = 0;
  std::uint64_t numeric_fingerprint = 0;
  std::uint32_t incarnation = 0;
  std::string endpoint;

  bool operator==(const Greeting&) const = default;
};

struct PeerEndpoint {
  ProcessId id;
  std::string endpoint;
};

/// A packet to be sent, or one that was received and validated. Only the fields of its kind are
/// set.
struct WirePacket {
  PacketKind kind = PacketKind::frame;
  std::uint64_t run = 0;
  ProcessId from{};
  Round round = 0;
  Round consumed = -1;  ///< of a frame: round - 1
  Round covered = -1;   ///< of a hello, an again or an ack: <= consumed
  /// Of a hello or an again: the last round whose frame to the receiver the sender has dropped,
  /// even if the receiver had not said that it never needs it again.
  Round forgotten = -1;
  /// Of a frame or a policy. After decode() it points into the codec, valid until its next call.
  std::span<const std::byte> payload;
  std::optional<Point> pose;  ///< of a frame: finite
  Greeting greeting;
  std::vector<PeerEndpoint> peers;
  std::string refusal;
};

/// Why received bytes are refused as a packet; counted and logged by name.
enum class Rejection {
  none,
  too_short,
  too_long,
  bad_checksum,
  not_a_packet,  ///< does not parse
  unknown_kind,
  missing_field,  ///< a field that its kind needs
  field_out_of_range,
};
std::string_view name_of(Rejection rejection);

/// Bytes of a data frame on the wire, computed without encoding it, so that runs in one process
/// account for the same traffic.
std::size_t frame_bytes(ProcessId from, Round round, std::size_t payload_bytes);

/// Bytes that a pose adds to a frame.
inline constexpr std::size_t kPoseBytes = 18;

/// Encodes and decodes packets; keeps its buffers, so that a frame costs no allocation. A decoded
/// packet has all fields that its kind needs, in range; the receiver checks whether it fits its
/// present state.
class Codec {
 public:
  Codec();
  ~Codec();

  /// @return the packet's bytes, valid until the next call of encode
  std::span<const std::byte> encode(const WirePacket& packet);

  /// @return Rejection::none and `packet` filled, or the reason, and `packet` is unspecified
  Rejection decode(std::span<const std::byte> bytes, WirePacket& packet);

 private:
  struct Buffers;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace tacit
