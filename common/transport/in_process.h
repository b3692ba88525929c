#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "common/transport/transport.h"

namespace tacit {

/// Mailboxes shared by the transports of one process, which may belong to different threads. Must
/// outlive its transports.
class InProcessNetwork {
 public:
  /// A transport that receives at endpoint `name`.
  std::unique_ptr<Transport> open(const std::string& name);

  /// Drops all packets queued for `name` and reports to all transports connected to it that the
  /// connection broke and came back, as a network may at any time.
  void break_connections_to(const std::string& name);

  struct Mailbox {
    std::deque<std::vector<std::byte>> packets;
    std::condition_variable arrived;
    std::uint64_t breaks = 0;
  };

 private:
  friend class InProcessTransport;
  std::mutex mutex_;
  std::map<std::string, Mailbox> mailboxes_;
};

}  // namespace tacit
