#pragma once

#include <chrono>
#include <csignal>
#include <optional>

namespace tacit {

/// SIGINT, SIGTERM and SIGHUP are held back while this lives, for this thread and those it starts:
/// a run that has begun decides itself when it takes them, so that it can always write down how it
/// ended.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  ~StopSignals() { release(); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// From now on handlers see the signals, those held back included.
  void release() const { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  /// @param longest  below one second
  /// @return the signal that was held back or came meanwhile
  std::optional<int> wait(std::chrono::nanoseconds longest) const {
    const timespec time{0, static_cast<long>(longest.count())};
    const int signal = sigtimedwait(&set_, nullptr, &time);
    return signal > 0 ? std::optional(signal) : std::nullopt;
  }

 private:
  sigset_t set_;
  sigset_t before_;
};

}  // namespace tacit
