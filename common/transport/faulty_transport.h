#pragma once

#include <cstdint>
#include <vector>

#include "common/transport/transport.h"

namespace tacit {

/// What happens to packets on their way, each of them independently. Probabilities in [0, 1].
struct PacketFaults {
  double duplicate_probability = 0;
  double corrupt_probability = 0;
  bool any() const { return duplicate_probability > 0 || corrupt_probability > 0; }
};

/// A transport whose packets are doubled and damaged on purpose: which ones, and how, is a function
/// of (seed, process, how many were sent before). One byte of a damaged packet is changed, which
/// its checksum is sure to notice; a doubled one follows itself whole.
class FaultyTransport final : public Transport {
 public:
  /// @param transport  what really moves the bytes; outlives this
  FaultyTransport(Transport& transport, const PacketFaults& faults, std::uint64_t seed,
                  ProcessId self)
      : transport_(transport), faults_(faults), seed_(seed), self_(self) {}

  std::string endpoint() const override { return transport_.endpoint(); }
  bool connect(ProcessId peer, const std::string& endpoint) override {
    return transport_.connect(peer, endpoint);
  }
  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override;
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

  std::uint64_t duplicated() const { return duplicated_; }
  std::uint64_t corrupted() const { return corrupted_; }

 private:
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
