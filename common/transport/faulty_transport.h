#pragma once

#include <cstdint>
#include <vector>

#include "common/base/random.h"
#include "common/transport/transport.h"

namespace tacit {

/// Probabilities in [0, 1] of faults that hit each packet independently.
struct PacketFaults {
  double duplicate_probability = 0;
  double corrupt_probability = 0;
  bool any() const { return duplicate_probability > 0 || corrupt_probability > 0; }
};

/// A transport that duplicates and corrupts packets on purpose; the faults of a packet are a
/// function of (seed, process, number of packets sent before). In a corrupted packet one byte is
/// changed, which the checksum always detects; the second copy of a duplicated packet is intact.
class FaultyTransport final : public Transport {
 public:
  /// @param transport  moves the bytes; outlives this
  FaultyTransport(Transport& transport, const PacketFaults& faults, std::uint64_t seed,
                  ProcessId self)
      : transport_(transport), faults_(faults), seed_(seed), self_(self) {}

  std::string endpoint() const override { return transport_.endpoint(); }
  bool connect(ProcessId peer, const std::string& endpoint) override {
    return transport_.connect(peer, endpoint);
  }
  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override {
    RandomStream stream(seed_, self_, purpose("faults.packets"), sent_++);
    const bool twice = to_unit(stream()) < faults_.duplicate_probability;
    const bool damage = to_unit(stream()) < faults_.corrupt_probability && !bytes.empty();
    const auto first = damage ? damaged(bytes, stream()) : bytes;
    if (transport_.send(peer, first) == SendOutcome::peer_full) return SendOutcome::peer_full;
    if (damage) ++corrupted_;
    if (twice && transport_.send(peer, bytes) == SendOutcome::queued) ++duplicated_;
    return SendOutcome::queued;
  }
  void send_once(ProcessId to, const std::string& endpoint,
                 std::span<const std::byte> bytes) override {
    transport_.send_once(to, endpoint, bytes);
  }
  std::optional<Packet> receive(std::chrono::milliseconds wait) override {
    return transport_.receive(wait);
  }
  std::vector<ConnectionChange> connection_changes() override {
    return transport_.connection_changes();
  }
  std::string handshake_failure(ProcessId peer) const override {
    return transport_.handshake_failure(peer);
  }

  /// From now on every packet is sent once and intact.
  void heal() { faults_ = {}; }

  std::uint64_t duplicated() const { return duplicated_; }
  std::uint64_t corrupted() const { return corrupted_; }

 private:
  std::span<const std::byte> damaged(std::span<const std::byte> bytes, std::uint64_t word) {
    damaged_.assign(bytes.begin(), bytes.end());
    damaged_[split_off(word, bytes.size())] ^= static_cast<std::byte>(1 + split_off(word, 255));
    return damaged_;
  }

  Transport& transport_;
  PacketFaults faults_;
  std::uint64_t seed_;
  ProcessId self_;
  Round sent_ = 0;  ///< packets
  std::uint64_t duplicated_ = 0;
  std::uint64_t corrupted_ = 0;
  std::vector<std::byte> damaged_;
};

}  // namespace tacit
