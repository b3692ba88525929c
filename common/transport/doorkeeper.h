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

/// Stands at the door of one transport, in a thread of its own: says who may come in (ZAP), and
/// follows what becomes of every connection (socket monitors). A thread, because libzmq itself
/// waits for whoever reads these sockets, while the transport's owner may compute for hours. All
/// functions are for the owner's thread.
class Doorkeeper {
 public:
  /// @param keys           whom to let in; nothing: everybody, unasked
  /// @param arrivals_most  how many connections others may have here at a time: the newest are cut.
  ///                       libzmq would take them until there is no descriptor left for anything
  Doorkeeper(zmq::context_t& context, const std::optional<Keyring>& keys,
             std::size_t arrivals_most);
  /// @pre every watched socket was released
  ~Doorkeeper();
  Doorkeeper(const Doorkeeper&) = delete;
  Doorkeeper& operator=(const Doorkeeper&) = delete;

  /// Follows a socket that is not bound or connected yet.
  /// @param peer  to whom it will be connected; nothing: it is the one that will be bound
  /// @return a number that changes() calls it by
  /// @throws zmq::error_t without sockets or descriptors to spare
  std::uint64_t watch(zmq::socket_t& socket, std::optional<ProcessId> peer);
  /// To be called before a watched socket is closed: else libzmq waits for a reader.
  static void release(zmq::socket_t& socket);

  struct Change {
    std::uint64_t watch;
    ConnectionChange connection;
  };
  /// Connections to peers that came up, or were up and broke, since the last call.
  std::vector<Change> changes();

  /// Watches of peers whose connection ended a while ago without libzmq trying again: after an
  /// error of protocol it never does. Each is told once.
  std::vector<std::uint64_t> abandoned();

  /// Why the last handshake with a peer failed; empty if it did not.
  std::string handshake_failure(ProcessId peer) const;

  bool has_notices() const { return has_notices_.load(std::memory_order_relaxed); }
  /// Lines for the log since the last call: a few for each reason.
  std::vector<std::string> notices();

  /// Connections that were refused, by reason; "no_handshake" are those that others made without
  /// speaking ZeroMQ's protocol, or that are still silent, and among them those of "too_many".
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
  /// Connections that others made to us.
  struct Arrivals {
    std::uint64_t accepted = 0;
    std::uint64_t succeeded = 0;
    std::uint64_t failed = 0;
    std::uint64_t failed_open = 0;  ///< of those that failed, and are not closed yet
    /// Of each that is open, by its descriptor.
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
  zmq::socket_t zap_;                         ///< the thread's; none without keys
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
