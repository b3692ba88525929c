#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// A line on stderr that says how far something is, and since when: rewritten on a terminal, a new
/// line every ten seconds elsewhere. Gone from the terminal with the object.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// @param now  do not wait for the ten seconds to pass
  void say(const std::string& text, bool now = false);
  /// A line that stays.
  void note(const std::string& text);
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool open_line_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

/// How far a run is.
class RunProgress {
 public:
  RunProgress(std::size_t process_count, Round round_count);

  void started(std::size_t process_count);
  /// @param round  of the slowest process
  void update(Round round, std::size_t done_count);
  void note(const std::string& text) { line_.note(text); }

 private:
  std::size_t process_count_;
  Round round_count_;
  ProgressLine line_;
};

/// How far the training of several policies is, and how long it may still take.
class TrainingProgress {
 public:
  explicit TrainingProgress(const std::vector<std::string>& names);

  /// @param done   how much of this attempt at policy `index` is done, 0..1
  /// @param words  what its training says of it
  void update(std::size_t index, double done, const std::string& words);
  void note(const std::string& text) { line_.note(text); }

 private:
  struct Task {
    std::string name;
    std::string words;
    double done = 0;
    double first_done = 0;  ///< at the first report of this attempt, and when that was
    double first_s = 0;
  };

  std::vector<Task> tasks_;
  ProgressLine line_;
};

}  // namespace tacit
