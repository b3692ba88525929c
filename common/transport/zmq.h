#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "common/transport/curve.h"
#include "common/transport/transport.h"

namespace tacit {

struct ZmqOptions {
  /// tcp://host:port or ipc://path; port 0 takes a free one.
  std::string bind = "tcp://127.0.0.1:0";
  /// The endpoint that the peers are given, if it differs from the bound one (0.0.0.0, address
  /// translation). Port 0 is replaced by the bound port.
  std::string advertise;
  /// Most peers that will be connected: bounds sockets and descriptors.
  std::size_t peer_count = 0;
  /// Number of processes of the run: heartbeats are slower in a large run, since all processes may
  /// share one machine.
  std::size_t process_count = 0;
  std::size_t longest_packet_bytes = 1 << 20;
  /// With keys every connection is encrypted and authenticated in both directions.
  std::optional<Keyring> keys = {};
  /// Without keys: whether to connect to other machines nevertheless, in plain text.
  bool insecure = false;
  /// Called with a log line when a connection is refused, a few times for each reason.
  std::function<void(const std::string&)> notice = {};
};

/// Sockets over TCP or Unix domain sockets: one bound PULL and one PUSH for each peer, both with
/// heartbeats, so that liveness does not depend on how long the process computes. A heartbeat is
/// sent every second, and a connection is dead after ten seconds without one; in a run of more than
/// 333 processes after 30 ms for each process. A socket monitor on each socket reports when a
/// connection breaks, comes back or is refused.
/// A connection that libzmq gives up because of a protocol error is retried every second: the other
/// end may be corrected.
/// With keys all sockets use CURVE: PULL is the server, accepts processes whose public key is in
/// the list, and knows the sender of every packet; a PUSH connects only to the process that holds
/// its peer's secret key.
/// Any program that reaches the bound port can connect. At most `peer_count` + 4,096 connections
/// are kept, fewer if the system's limit of open files is low; newer ones are closed.
class ZmqTransport final : public Transport {
 public:
  /// Raises the process's limit of open files as far as the system allows.
  /// @throws InputError (usage) if the endpoint cannot be bound, (run_folder) if the system's limit
  /// of open files is too low for `peer_count`, naming the limit that is needed.
  explicit ZmqTransport(const ZmqOptions& options);
  /// Waits up to two seconds for queued packets to be sent.
  ~ZmqTransport() override;

  std::string endpoint() const override { return endpoint_; }
  bool connect(ProcessId peer, const std::string& endpoint) override;
  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override;
  void send_once(ProcessId to, const std::string& endpoint,
                 std::span<const std::byte> bytes) override;
  std::optional<Packet> receive(std::chrono::milliseconds wait) override;
  std::vector<ConnectionChange> connection_changes() override;
  std::string handshake_failure(ProcessId peer) const override;

  /// Counts of refused connections, in either direction, by reason.
  std::map<std::string, std::uint64_t> refused() const;

 private:
  struct Sockets;
  void pass_notices_on();
  void open_push(ProcessId peer, const std::string& endpoint);
  void connect_abandoned_again();

  ZmqOptions options_;
  std::unique_ptr<Sockets> sockets_;
  std::string endpoint_;
};

}  // namespace tacit
