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
  /// What the others are told, where it differs from the bound endpoint (0.0.0.0, address
  /// translation). A port 0 in it is replaced by the bound port.
  std::string advertise;
  /// How many peers will be connected at the most: bounds sockets and descriptors.
  std::size_t peer_count = 0;
  /// How many processes the run has: where there are many, each may take longer to give a sign of
  /// life, since all of them may share one machine.
  std::size_t process_count = 0;
  std::size_t longest_packet_bytes = 1 << 20;
  /// With keys every connection is encrypted, and both ends know who the other is.
  std::optional<Keyring> keys = {};
  /// Without keys: whether to talk to other machines all the same.
  bool insecure = false;
  /// Gets a line for the log when somebody is refused: a few for each reason.
  std::function<void(const std::string&)> notice = {};
};

/// Sockets over TCP or Unix domain sockets: one PULL that is bound, one PUSH for each peer, both
/// with heartbeats, so that liveness does not depend on how long the process computes: every
/// second, and missed after ten; in a run of more than 333 processes after 30 ms for each of them.
/// A socket monitor on each says when a connection breaks, comes back, or is refused.
///
/// A connection that libzmq gives up, since the other end is not what it should be, is tried again
/// every second: somebody may put that right.
///
/// With keys all sockets are CURVE: PULL is the server, lets in whose public key is in the list,
/// and says of every packet whose it is; a PUSH talks only to who has the secret key of its peer.
///
/// Whoever reaches the bound port can connect, but not without end: of more than `peer_count` and
/// 4,096 more, fewer where the system's limit of open files is low, the newest are cut.
class ZmqTransport final : public Transport {
 public:
  /// Raises the process's limit of open files as far as the system allows.
  /// @throws InputError (usage) if the endpoint cannot be bound, (run_folder) if the system's limit
  /// of open files is too low for `peer_count`, naming the limit that would do.
  explicit ZmqTransport(const ZmqOptions& options);
  /// Waits up to two seconds for what is still queued.
  ~ZmqTransport() override;

  std::string endpoint() const override { return endpoint_; }
  bool connect(ProcessId peer, const std::string& endpoint) override;
  SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) override;
  void send_once(ProcessId to, const std::string& endpoint,
                 std::span<const std::byte> bytes) override;
  std::optional<Packet> receive(std::chrono::milliseconds wait) override;
  std::vector<ConnectionChange> connection_changes() override;
  std::string handshake_failure(ProcessId peer) const override;

  /// Connections that were refused, in either direction, by reason.
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
