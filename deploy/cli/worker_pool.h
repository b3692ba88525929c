#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>

#include "deploy/cli/stop_signals.h"

namespace tacit {

/// Independent pieces of work for several threads.
struct WorkList {
  std::size_t count;
  std::size_t thread_count;  ///< at most; >= 1
  /// Called for 0..count-1 from any thread, at most once each; `stop` is set once the remaining
  /// results are not needed.
  std::function<void(std::size_t index, const std::atomic<bool>& stop)> work;
  std::function<void()> tick;  ///< called every 50 ms from the calling thread
  /// Called if a piece does not end within two seconds after a signal: must end the program.
  std::function<void(int signal)> abandon;
};

/// Does all pieces. After a signal, or once a piece has thrown, no new piece begins.
/// @return the signal, if one came
/// @throws the exception of a piece; if several throw, that with the lowest index
std::optional<int> work_through(const WorkList& list, const StopSignals& signals);

}  // namespace tacit
