#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "common/transport/transport.h"

namespace tacit {

/// Mailboxes shared by the transports of one process, which may live in different threads. Must
/// outlive its transports.
class InProcessNetwork {
 public:
  /// A transport that receives at endpoint `name`.
  std::unique_ptr<Transport> open(const std::string& name);

  /// Drops what is queued for `name` and tells everybody connected to it that the connection broke
  /// and came back: what a network may do at any time.
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
