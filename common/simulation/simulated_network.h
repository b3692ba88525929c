#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "common/base/random.h"
#include "common/transport/transport.h"

namespace tacit {

/// A network in memory whose time is told to it, [ms]. Some packets are held up for a while, which
/// holds up all that follow on the same connection, and only those. A connection that breaks, or
/// whose end dies, loses what it had not delivered. Single-threaded; must outlive its transports.
class SimulatedNetwork {
 public:
  struct Delays {
    double probability = 0;  ///< of a packet to be held up
    Round longest_ms = 1;    ///< for 1..longest_ms, all alike
  };

  SimulatedNetwork(std::size_t process_count, const Delays& delays, std::uint64_t seed);

  void set_time(Round now_ms) { now_ms_ = now_ms; }

  /// A process comes to life; its endpoint is its number.
  std::unique_ptr<Transport> open(ProcessId self);
  /// A process dies: what is on its way to it is lost, and the last of what it has sent may be.
  void kill(ProcessId self);
  /// The connection that a process sends on breaks and comes back at once. @pre both are alive
  void break_connection(ProcessId from, ProcessId to);
  /// From now on nothing is held up.
  void heal() { delays_.probability = 0; }

  std::uint64_t delayed() const { return delayed_; }

 private:
  friend class SimulatedTransport;
  struct Packet {
    ProcessId from;
    std::vector<std::byte> bytes;
  };
  struct Process {
    bool alive = false;
    std::multimap<Round, Packet> arriving;  ///< by time
    std::map<ProcessId, Round> newest;      ///< when the last packet of a connection arrives
    std::vector<ProcessId> peers;           ///< whom it has connected to
    std::vector<ConnectionChange> changes;
  };

  bool connect(ProcessId self, ProcessId peer);
  void send(ProcessId from, ProcessId to, std::span<const std::byte> bytes);
  bool receive(ProcessId self, std::vector<std::byte>& bytes);
  void lose_tail(ProcessId from, ProcessId to);
  void tell_peers(ProcessId self, bool up);
  std::uint64_t draw(std::uint64_t n);

  Delays delays_;
  RandomStream random_;
  Round now_ms_ = 0;
  std::vector<Process> processes_;
  std::uint64_t delayed_ = 0;
};

}  // namespace tacit
