// Goal: no bytes from a peer crash the codec, and what it lets through says what it seems to say.
// Method: the input as it is, and as the body of a packet whose checksum is right (a fuzzer would
// not find one). What is accepted is encoded again and must be read back as the same packet.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "common/base/check.h"
#include "common/wire/codec.h"
#include "common/wire/crc32c.h"

namespace tacit {
namespace {

bool same(const WirePacket& a, const WirePacket& b) {
  const bool greets = a.kind == PacketKind::hello || a.kind == PacketKind::again ||
                      a.kind == PacketKind::policy_request;
  const bool carries = a.kind == PacketKind::frame || a.kind == PacketKind::policy;
  return a.kind == b.kind && a.run == b.run && a.from == b.from &&
         (a.kind != PacketKind::frame || (a.round == b.round && a.consumed == b.consumed)) &&
         (!carries || std::ranges::equal(a.payload, b.payload)) &&
         (!greets || a.greeting.endpoint == b.greeting.endpoint) &&
         (a.kind != PacketKind::directory || a.peers.size() == b.peers.size());
}

void try_bytes(std::span<const std::byte> bytes) {
  Codec first, second;
  WirePacket packet, again;
  if (first.decode(bytes, packet) != Rejection::none) return;
  const auto encoded = second.encode(packet);
  Codec third;
  TACIT_CHECK(third.decode(encoded, again) == Rejection::none, "what was read can be sent on");
  TACIT_CHECK(same(packet, again), "and says the same");
}

}  // namespace
}  // namespace tacit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  tacit::try_bytes(input);
  std::vector<std::byte> packet(input.begin(), input.end());
  const std::uint32_t checksum = tacit::crc32c(packet);
  const auto tail = std::as_bytes(std::span(&checksum, 1));
  packet.insert(packet.end(), tail.begin(), tail.end());
  tacit::try_bytes(packet);
  return 0;
}
