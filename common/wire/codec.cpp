#include "common/wire/codec.h"

#include <wire.pb.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "common/base/check.h"
#include "common/wire/crc32c.h"

namespace tacit {
namespace {

constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kLongestEndpointBytes = 512;
constexpr std::size_t kLongestRefusalBytes = 4096;
constexpr std::size_t kMostProcesses = 1 << 20;
constexpr Round kLastPossibleRound = Round{1} << 53;

// Tags of from, round and payload; run with its tag 9, kind 2.
constexpr std::size_t kFixedFrameBytes = 3 + 9 + 2 + kChecksumBytes;

constexpr std::size_t varint_bytes(std::uint64_t value) {
  return (static_cast<std::size_t>(std::bit_width(value | 1)) + 6) / 7;
}

// By PacketKind.
constexpr proto::Packet::Kind kKinds[] = {proto::Packet::FRAME,    proto::Packet::HELLO,
                                          proto::Packet::ACK,      proto::Packet::DONE,
                                          proto::Packet::REGISTER, proto::Packet::DIRECTORY,
                                          proto::Packet::REFUSAL,  proto::Packet::POLICY_REQUEST,
                                          proto::Packet::POLICY,   proto::Packet::AGAIN,
                                          proto::Packet::WAIT};

bool in_range(std::uint32_t id) { return id < kMostProcesses; }
bool in_range(Round round) { return round >= -1 && round <= kLastPossibleRound; }

void put_greeting(const Greeting& greeting, proto::Hello& hello) {
  hello.set_protocol_version(greeting.protocol_version);
  hello.set_config_hash(greeting.config_hash);
  hello.set_numeric_fingerprint(greeting.numeric_fingerprint);
  hello.set_incarnation(greeting.incarnation);
  hello.set_endpoint(greeting.endpoint);
}

Rejection take_greeting(const proto::Packet& message, WirePacket& packet) {
  if (!message.has_hello()) return Rejection::missing_field;
  const proto::Hello& hello = message.hello();
  if (hello.endpoint().empty() || hello.endpoint().size() > kLongestEndpointBytes) {
    return Rejection::field_out_of_range;
  }
  packet.greeting = {hello.protocol_version(), hello.config_hash(), hello.numeric_fingerprint(),
                     hello.incarnation(), hello.endpoint()};
  return Rejection::none;
}

Rejection take_payload(const proto::Packet& message, std::size_t longest, WirePacket& packet) {
  if (!message.has_payload()) return Rejection::missing_field;
  if (message.payload().size() > longest) return Rejection::field_out_of_range;
  packet.payload = std::as_bytes(std::span(message.payload()));
  return Rejection::none;
}

Rejection take_frame(const proto::Packet& message, WirePacket& packet) {
  if (!message.has_round()) return Rejection::missing_field;
  if (message.round() > static_cast<std::uint64_t>(kLastPossibleRound)) {
    return Rejection::field_out_of_range;
  }
  packet.round = static_cast<Round>(message.round());
  packet.consumed = packet.round - 1;
  packet.pose.reset();
  if (message.has_pose_x() != message.has_pose_y()) return Rejection::missing_field;
  if (message.has_pose_x()) {
    packet.pose = {message.pose_x(), message.pose_y()};
    if (!std::isfinite(packet.pose->x) || !std::isfinite(packet.pose->y)) {
      return Rejection::field_out_of_range;
    }
  }
  return take_payload(message, kLongestPayloadBytes, packet);
}

Rejection take_progress(const proto::Packet& message, WirePacket& packet) {
  if (!message.has_consumed() || !message.has_covered()) return Rejection::missing_field;
  if (!in_range(message.consumed()) || !in_range(message.covered()) ||
      message.covered() > message.consumed() || message.forgotten() < 0 ||
      message.forgotten() > kLastPossibleRound) {
    return Rejection::field_out_of_range;
  }
  packet.consumed = message.consumed();
  packet.covered = message.covered();
  packet.forgotten = message.forgotten() - 1;
  return Rejection::none;
}

/// A REGISTER names the peers that its sender must reach, without endpoints; a DIRECTORY answers
/// with their endpoints.
Rejection take_peers(const proto::Packet& message, WirePacket& packet, bool with_endpoints) {
  packet.peers.clear();
  for (const proto::Peer& peer : message.peers()) {
    if (!in_range(peer.id()) || peer.endpoint().empty() == with_endpoints ||
        peer.endpoint().size() > kLongestEndpointBytes) {
      return Rejection::field_out_of_range;
    }
    packet.peers.push_back({process_id(peer.id()), peer.endpoint()});
  }
  return Rejection::none;
}

void put_peers(const std::vector<PeerEndpoint>& peers, proto::Packet& message) {
  for (const PeerEndpoint& peer : peers) {
    proto::Peer& entry = *message.add_peers();
    entry.set_id(static_cast<std::uint32_t>(peer.id));
    if (!peer.endpoint.empty()) entry.set_endpoint(peer.endpoint);
  }
}

}  // namespace

std::string_view name_of(Rejection rejection) {
  switch (rejection) {
    case Rejection::none:
      return "none";
    case Rejection::too_short:
      return "too_short";
    case Rejection::too_long:
      return "too_long";
    case Rejection::bad_checksum:
      return "bad_checksum";
    case Rejection::not_a_packet:
      return "not_a_packet";
    case Rejection::unknown_kind:
      return "unknown_kind";
    case Rejection::missing_field:
      return "missing_field";
    case Rejection::field_out_of_range:
      return "field_out_of_range";
  }
  return "unknown";
}

std::size_t frame_bytes(ProcessId from, Round round, std::size_t payload_bytes) {
  return kFixedFrameBytes + varint_bytes(index_of(from)) +
         varint_bytes(static_cast<std::uint64_t>(round)) + varint_bytes(payload_bytes) +
         payload_bytes;
}

struct Codec::Buffers {
  proto::Packet outgoing;
  proto::Packet incoming;
  std::vector<std::byte> bytes;
};

Codec::Codec() : buffers_(std::make_unique<Buffers>()) {}
Codec::~Codec() = default;

std::span<const std::byte> Codec::encode(const WirePacket& packet) {
  proto::Packet& message = buffers_->outgoing;
  message.Clear();
  message.set_run(packet.run);
  message.set_from(static_cast<std::uint32_t>(packet.from));
  message.set_kind(kKinds[static_cast<std::size_t>(packet.kind)]);
  switch (packet.kind) {
    case PacketKind::frame:
      message.set_round(static_cast<std::uint64_t>(packet.round));
      message.set_payload(packet.payload.data(), packet.payload.size());
      if (packet.pose) {
        message.set_pose_x(packet.pose->x);
        message.set_pose_y(packet.pose->y);
      }
      break;
    case PacketKind::hello:
    case PacketKind::again:
      message.set_consumed(packet.consumed);
      message.set_covered(packet.covered);
      message.set_forgotten(packet.forgotten + 1);
      put_greeting(packet.greeting, *message.mutable_hello());
      break;
    case PacketKind::ack:
      message.set_consumed(packet.consumed);
      message.set_covered(packet.covered);
      break;
    case PacketKind::done:
    case PacketKind::wait:
      break;
    case PacketKind::register_process:
      put_greeting(packet.greeting, *message.mutable_hello());
      put_peers(packet.peers, message);
      break;
    case PacketKind::directory:
      put_peers(packet.peers, message);
      break;
    case PacketKind::refusal:
      message.set_refusal(packet.refusal);
      break;
    case PacketKind::policy_request:
      put_greeting(packet.greeting, *message.mutable_hello());
      break;
    case PacketKind::policy:
      message.set_payload(packet.payload.data(), packet.payload.size());
      break;
  }
  const std::size_t size = message.ByteSizeLong();
  std::vector<std::byte>& bytes = buffers_->bytes;
  bytes.resize(size + kChecksumBytes);
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.data()));
  const std::uint32_t checksum = crc32c({bytes.data(), size});
  std::memcpy(bytes.data() + size, &checksum, kChecksumBytes);
  TACIT_CHECK(bytes.size() <= kLongestPacketBytes, "a packet must be short enough to be accepted");
  return bytes;
}

Rejection Codec::decode(std::span<const std::byte> bytes, WirePacket& packet) {
  if (bytes.size() > kLongestPacketBytes) return Rejection::too_long;
  if (bytes.size() < kChecksumBytes + 1) return Rejection::too_short;
  const auto body = bytes.first(bytes.size() - kChecksumBytes);
  std::uint32_t checksum = 0;
  std::memcpy(&checksum, bytes.data() + body.size(), kChecksumBytes);
  if (checksum != crc32c(body)) return Rejection::bad_checksum;

  proto::Packet& message = buffers_->incoming;
  if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
    return Rejection::not_a_packet;
  }
  if (!message.has_run() || !message.has_from()) return Rejection::missing_field;
  if (!in_range(message.from())) return Rejection::field_out_of_range;
  packet.run = message.run();
  packet.from = process_id(message.from());
  switch (message.kind()) {
    case proto::Packet::FRAME:
      packet.kind = PacketKind::frame;
      return take_frame(message, packet);
    case proto::Packet::HELLO:
    case proto::Packet::AGAIN: {
      const bool asks = message.kind() == proto::Packet::AGAIN;
      packet.kind = asks ? PacketKind::again : PacketKind::hello;
      const Rejection rejection = take_progress(message, packet);
      return rejection == Rejection::none ? take_greeting(message, packet) : rejection;
    }
    case proto::Packet::ACK:
      packet.kind = PacketKind::ack;
      return take_progress(message, packet);
    case proto::Packet::DONE:
      packet.kind = PacketKind::done;
      return Rejection::none;
    case proto::Packet::REGISTER: {
      packet.kind = PacketKind::register_process;
      const Rejection rejection = take_peers(message, packet, false);
      return rejection == Rejection::none ? take_greeting(message, packet) : rejection;
    }
    case proto::Packet::DIRECTORY:
      packet.kind = PacketKind::directory;
      return take_peers(message, packet, true);
    case proto::Packet::REFUSAL:
      if (message.refusal().size() > kLongestRefusalBytes) return Rejection::field_out_of_range;
      packet.kind = PacketKind::refusal;
      packet.refusal = message.refusal();
      return Rejection::none;
    case proto::Packet::POLICY_REQUEST:
      packet.kind = PacketKind::policy_request;
      return take_greeting(message, packet);
    case proto::Packet::WAIT:
      packet.kind = PacketKind::wait;
      return Rejection::none;
    case proto::Packet::POLICY:
      packet.kind = PacketKind::policy;
      return take_payload(message, kLongestPolicyBytes, packet);
    default:
      return Rejection::unknown_kind;
  }
}

}  // namespace tacit
