#pragma once

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cstdint>
#include <string>

namespace tacit::testing {

/// Counts the writes of a folder's checkpoints, whose files stay open while their process lives.
class CheckpointWatch {
 public:
  explicit CheckpointWatch(const std::string& folder) : descriptor_(inotify_init1(IN_CLOEXEC)) {
    inotify_add_watch(descriptor_, folder.c_str(), IN_MODIFY);
  }
  ~CheckpointWatch() { close(descriptor_); }
  CheckpointWatch(const CheckpointWatch&) = delete;
  CheckpointWatch& operator=(const CheckpointWatch&) = delete;

  /// @return whether `count` were written, each within a minute of the one before
  bool wait_for(std::uint64_t count) const {
    alignas(inotify_event) char buffer[4096];
    while (count > 0) {
      pollfd item{descriptor_, POLLIN, 0};
      if (poll(&item, 1, 60'000) <= 0) return false;
      const ssize_t size = read(descriptor_, buffer, sizeof buffer);
      for (ssize_t at = 0; at < size && count > 0;) {
        const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
        const std::string name = event->len > 0 ? event->name : "";
        if (name.starts_with("checkpoint-")) --count;
        at += static_cast<ssize_t>(sizeof *event + event->len);
      }
    }
    return true;
  }

 private:
  int descriptor_;
};

}  // namespace tacit::testing
