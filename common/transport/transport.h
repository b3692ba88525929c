#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// peer_full: nothing was queued; try again later.
enum class SendOutcome { queued, peer_full };

/// The connection to a peer came up or went down.
struct ConnectionChange {
  ProcessId peer;
  bool up;
};

/// A packet that was received.
struct Packet {
  std::span<const std::byte> bytes;
  /// The sender, if connections are authenticated.
  std::optional<ProcessId> sender = {};
};

/// Moves bytes between processes without reading them. Packets of one sender arrive in the order in
/// which they were queued as long as its connection lasts; a connection that breaks may lose some.
/// Not thread-safe: one process's loop owns it.
class Transport {
 public:
  virtual ~Transport() = default;

  /// The endpoint at which other processes reach this one.
  virtual std::string endpoint() const = 0;

  /// Starts to connect to a peer and retries until it is there; sending may begin at once. If the
  /// peer was connected to another endpoint, that connection is given up with all packets queued
  /// for it.
  /// @return false if the peer is connected to this endpoint already
  /// @throws InputError: config if the endpoint is invalid; authentication if it is on another
  ///         machine whose process cannot be authenticated
  virtual bool connect(ProcessId peer, const std::string& endpoint) = 0;

  /// @pre connect(peer) was called
  virtual SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) = 0;

  /// Sends one packet to a process that is no peer; it is dropped if it cannot be delivered soon.
  virtual void send_once(ProcessId to, const std::string& endpoint,
                         std::span<const std::byte> bytes) = 0;

  /// @param wait  longest time to block; 0 does not block
  /// @return one packet, valid until the next call, or nothing after `wait` or a signal
  virtual std::optional<Packet> receive(std::chrono::milliseconds wait) = 0;

  /// Connections that came up or broke since the last call, the first one after connect() included.
  virtual std::vector<ConnectionChange> connection_changes() = 0;

  /// Why the handshake with a peer that can be reached failed: one of the two does not accept the
  /// other's identity. Reads as the end of a sentence about the peer; empty if no failure is known.
  virtual std::string handshake_failure(ProcessId peer) const = 0;
};

}  // namespace tacit
