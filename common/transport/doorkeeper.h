#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "common/base/notice_limit.h"
#include "common/transport/curve.h"
#include "common/transport/transport.h"

namespace tacit {

/// Authenticates the connections of one transport (ZAP) and follows their state (socket monitors),
/// in a thread of its own: libzmq blocks until these sockets are read, while the transport's owner
/// may compute for hours. All functions are called from the owner's thread.
class Doorkeeper {
 public:
  /// @param keys           processes that may connect; nothing: every process may, without
  ///                       authentication
  /// @param arrivals_most  most incoming connections at a time; newer ones are closed. libzmq would
  ///                       accept connections until the process has no descriptor left
  Doorkeeper(zmq::context_t& context, const std::optional<Keyring>& keys,
             std::size_t arrivals_most);
  /// @pre every watched socket has been released
  ~Doorkeeper();
  Doorkeeper(const Doorkeeper&) = delete;
  Doorkeeper& operator=(const Doorkeeper&) = delete;

  /// Starts to follow a socket, before it is bound or connected.
  /// @param peer  the process it will connect to; nothing: it is the socket that will be bound
  /// @return the number of this watch in changes() and abandoned()
  /// @throws zmq::error_t if no socket or descriptor is free
  std::uint64_t watch(zmq::socket_t& socket, std::optional<ProcessId> peer);
  /// Must be called before a watched socket is closed; otherwise libzmq waits for a reader.
  static void release(zmq::socket_t& socket);

  struct Change {
    std::uint64_t watch;
    ConnectionChange connection;
  };
  /// Connections to peers that came up or broke since the last call.
  std::vector<Change> changes();

  /// Watches of peers whose connection ended at least a second ago and which libzmq does not
  /// reconnect: after a protocol error it never does. Each is returned once.
  std::vector<std::uint64_t> abandoned();

  /// Why the last handshake with a peer failed; empty if it did not.
  std::string handshake_failure(ProcessId peer) const;

  bool has_notices() const { return has_notices_.load(std::memory_order_relaxed); }
  /// Log lines since the last call, a few for each reason.
  std::vector<std::string> notices();

  /// Counts of refused connections by reason. "no_handshake" counts incoming connections that did
  /// not speak ZeroMQ's protocol or are still silent, those of "too_many" included.
  std::map<std::string, std::uint64_t> refused() const;

 private:
  struct Watch {
    zmq::socket_t monitor;
    std::uint64_t number;
    std::optional<ProcessId> peer;
    bool up = false;
  };
  struct Event {
    std::uint16_t kind;
    std::uint32_t value;
  };
  struct Failure {
    std::string reason;
    std::string text;
  };
  /// Incoming connections.
  struct Arrivals {
    std::uint64_t accepted = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t failed_open = 0;  ///< failed, but not closed yet
    /// Value of `succeeded` when a connection was accepted; of each open one, by its descriptor.
    std::map<std::uint32_t, std::uint64_t> succeeded_before;
  };

  void serve();
  void look_around();
  bool rest();
  bool take_orders();
  void answer_zap();
  bool follow(Watch& watch);
  void on_event(Watch& watch, const Event& event);
  void note_change(const Watch& watch);
  void on_arrival(const Event& event);
  void cut_if_crowded(int descriptor);
  Failure failure_of(const Event& event, bool at_the_door) const;
  void refuse(const std::string& whom, const Failure& failure);
  void say(const std::string& whom, const Failure& failure);

  zmq::context_t& context_;
  std::size_t arrivals_most_;
  std::map<std::string, ProcessId> allowed_;  ///< by the 32 bytes of a public key
  zmq::socket_t zap_;                         ///< used by the thread; none without keys
  zmq::socket_t bell_inside_;                 ///< the thread's
  zmq::socket_t bell_;                        ///< wakes the thread
  std::vector<Watch> watches_;                ///< the thread's
  Arrivals arrivals_;                         ///< under the mutex, as all that follows
  mutable std::mutex mutex_;
  bool ending_ = false;
  std::uint64_t watch_count_ = 0;
  std::vector<Watch> new_watches_;
  std::vector<Change> changes_;
  std::map<std::uint64_t, std::chrono::steady_clock::time_point> ended_;  ///< by watch
  NoticeLimit notice_limit_;
  std::vector<std::string> notices_;
  std::atomic<bool> has_notices_ = false;
  std::map<ProcessId, std::string> failures_;
  std::map<std::string, std::uint64_t> refused_;
  std::thread thread_;
};

}  // namespace tacit
