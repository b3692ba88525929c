#pragma once

#include <chrono>
#include <optional>

namespace tacit {

/// A program that is killed is started again, but not more often than this without getting any
/// further: what kills it then is no accident.
inline constexpr int kRestartsMost = 10;
/// A program that has lived for so long has got further, whatever it says.
inline constexpr std::chrono::seconds kLongLife{60};
/// The longest wait between a death and the next start.
inline constexpr std::chrono::milliseconds kLongestPause{5000};

/// How often a program may still be started again, and how long to wait before: not at all the
/// first time, then 100 ms, then twice as long each time. Progress fills the budget again. Pure:
/// time is an argument.
class RestartBudget {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  void started(TimePoint now) { started_ = now; }
  /// The program has got further than ever before.
  void got_further() { deaths_ = 0; }

  /// It was killed. @return how long to wait; nothing if it was killed too often
  std::optional<std::chrono::milliseconds> pause_after_death(TimePoint now);

  /// How often it was killed since it last got further.
  int deaths() const { return deaths_; }

 private:
  int deaths_ = 0;
  TimePoint started_{};
};

}  // namespace tacit
