#pragma once

#include <chrono>
#include <csignal>
#include <map>
#include <optional>

namespace tacit {

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

  /// A signal that was held back is raised again: somebody else has put a handler in place.
  void release() const;

  /// @param longest  to wait for one
  /// @return the signal that was held back or came meanwhile
  std::optional<int> wait(std::chrono::milliseconds longest) const;

 private:
  std::map<int, struct sigaction> before_;
};

}  // namespace tacit
