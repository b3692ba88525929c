#pragma once

#include <chrono>
#include <csignal>
#include <map>
#include <optional>

#include "common/base/error.h"

namespace tacit {

/// How a program ends that was stopped by one of them: as after SIGTERM, but for SIGINT.
inline ExitCode exit_code_of(int stop_signal) {
  return stop_signal == SIGINT ? ExitCode::interrupted : ExitCode::terminated;
}

/// SIGINT, SIGTERM and SIGHUP are held back while this lives: a run that has begun decides itself
/// when it takes them, so that it can always write down how it ended. What was ignored stays so.
/// One at a time.
class StopSignals {
 public:
  /// @throws InputError (run_folder) if there are too many open files
  StopSignals();
  /// The handlers are what they were; a signal that was held back and not taken reaches them.
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable as soon as there is a signal to take with wait(); stays open while this lives.
  int descriptor() const;

  /// @param longest  to wait for one
  /// @return the signal that was held back or came meanwhile
  std::optional<int> wait(std::chrono::milliseconds longest) const;

 private:
  std::map<int, struct sigaction> before_;
};

}  // namespace tacit
