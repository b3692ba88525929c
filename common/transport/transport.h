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

/// What arrived.
struct Packet {
  std::span<const std::byte> bytes;
  /// Who has sent it, where connections are authenticated.
  std::optional<ProcessId> sender = {};
};

/// Moves bytes between processes and never looks inside. Packets of one sender arrive in the order
/// they were queued as long as its connection lasts; a connection that breaks may lose some.
/// Not thread-safe: one process's loop owns it.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Where this process receives, as others can reach it.
  virtual std::string endpoint() const = 0;

  /// Starts to connect to a peer, now and again until it is there; sending may begin at once. A
  /// peer that was connected to another endpoint is given up there, with what was queued for it.
  /// @return false if the peer is connected to this endpoint already
  /// @throws InputError: config if the endpoint is not one; authentication if it is on another
  ///         machine and nothing says who is there
  virtual bool connect(ProcessId peer, const std::string& endpoint) = 0;

  /// @pre connect(peer) was called
  virtual SendOutcome send(ProcessId peer, std::span<const std::byte> bytes) = 0;

  /// One packet to a process that is no peer, given up if it cannot be delivered soon.
  virtual void send_once(ProcessId to, const std::string& endpoint,
                         std::span<const std::byte> bytes) = 0;

  /// @param wait  longest time to block; 0 looks once
  /// @return one packet, valid until the next call, or nothing after `wait` or a signal
  virtual std::optional<Packet> receive(std::chrono::milliseconds wait) = 0;

  /// What happened to the connections since the last call. The first connection to come up after
  /// connect() is reported too.
  virtual std::vector<ConnectionChange> connection_changes() = 0;

  /// Why this process and a peer cannot talk, although they reach each other: one does not accept
  /// who the other is. As the end of a sentence about the peer; empty if nothing is known.
  virtual std::string handshake_failure(ProcessId peer) const = 0;
};

}  // namespace tacit
