#pragma once

#include <chrono>
#include <csignal>
#include <map>
#include <optional>

#include "common/base/error.h"

namespace tacit {

/// The exit code of a program stopped by this signal: as after SIGTERM, except for SIGINT.
inline ExitCode exit_code_of(int stop_signal) {
  return stop_signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
}

/// Holds SIGINT, SIGTERM and SIGHUP back while it lives: a run that has begun decides when it takes
/// them, so that it can always record how it ended. Signals that were ignored stay ignored. One
/// object at a time.
class StopSignals {
 public:
  /// @throws InputError (run_folder) if too many files are open
  StopSignals();
  /// Restores the handlers; a signal that was held back and not taken reaches them.
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Becomes readable when a signal can be taken with wait(); stays open while this lives.
  int descriptor() const;

  /// @param longest  the longest time to wait
  /// @return the signal that was held back or came meanwhile
  std::optional<int> wait(std::chrono::milliseconds longest) const;

 private:
  std::map<int, struct sigaction> before_;
};

}  // namespace tacit
