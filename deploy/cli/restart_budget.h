#pragma once

#include <chrono>
#include <optional>

namespace tacit {

/// A killed program is started again at most this often without progress: after that the kills are
/// no accident.
inline constexpr int kRestartsMost = 10;
/// A program that has lived this long has made progress, whatever its status says.
inline constexpr std::chrono::seconds kLongLife{60};
/// The longest pause between a death and the next start.
inline constexpr std::chrono::milliseconds kLongestPause{5000};

/// How often a program may still be started again, and the pause before each start: none the first
/// time, then 100 ms, then twice as long each time. Progress refills the budget. Pure: time is an
/// argument.
class RestartBudget {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  void started(TimePoint now) { started_ = now; }
  /// The program has made more progress than ever before.
  void got_further() { deaths_ = 0; }

  /// The program was killed. @return the pause; nothing if it was killed too often
  std::optional<std::chrono::milliseconds> pause_after_death(TimePoint now);

  /// The number of deaths since the last progress.
  int deaths() const { return deaths_; }

 private:
  int deaths_ = 0;
  TimePoint started_{};
};

}  // namespace tacit
