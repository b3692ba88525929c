#pragma once

#include <map>
#include <memory>

#include "common/transport/transport.h"

namespace tacit {

struct ZmqOptions {
  /// tcp://host:port or ipc://path; port 0 takes a free one.
  std::string bind = "tcp://127.0.0.1:0";
  /// What the others are told, where it differs from the bound endpoint (0.0.0.0, address
  /// translation). A port 0 in it is replaced by the bound port.
  std::string advertise;
  /// How many peers will be connected at the most: bounds sockets and descriptors.
  std::size_t peer_count = 0;
  std::size_t longest_packet_bytes = 1 << 20;
};

/// Sockets over TCP or Unix domain sockets: one PULL that is bound, one PUSH for each peer, both
/// with heartbeats, so that liveness does not depend on how long the process computes. A socket
/// monitor on each PUSH says when its connection breaks and comes back; it is read only by
/// connection_changes(), never while packets flow.
class ZmqTransport final : public Transport {
 public:
  /// @throws InputError (usage) if the endpoint cannot be bound, (run_folder) if the system's limit
  /// of open files is too low for `peer_count`, naming the limit that would do.
  explicit ZmqTransport(const ZmqOptions& options);
  /// Waits up to two seconds for what is still queued.
  ~ZmqTransport() override;

  std::string endpoint() const override { return endpoint_; }
  bool connect(ProcessId peer, const std::string& endpoint) override;
  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override;
  void send_once(const std::string& endpoint, std::span<const std::byte> bytes) override;
  std::optional<std::span<const std::byte>> receive(std::chrono::milliseconds wait) override;
  std::vector<ConnectionChange> connection_changes() override;

 private:
  struct Sockets;
  std::unique_ptr<Sockets> sockets_;
  std::string endpoint_;
};

/// Whether an endpoint can only be reached from this machine (ipc, 127/8, localhost, ::1).
bool is_local(const std::string& endpoint);

}  // namespace tacit
