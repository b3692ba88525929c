#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// A line of progress on stderr: rewritten on a terminal, a new line every ten seconds elsewhere.
/// Removed from the terminal with the object.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// @param now  print even if ten seconds have not passed
  void say(const std::string& text, bool now = false);
  /// Prints a line that stays.
  void note(const std::string& text);
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool open_line_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

/// The progress of a run.
class RunProgress {
 public:
  RunProgress(std::size_t process_count, Round round_count);

  void started(std::size_t process_count);
  /// @param round  that of the slowest process
  void update(Round round, std::size_t done_count);
  void note(const std::string& text) { line_.note(text); }

 private:
  std::size_t process_count_;
  Round round_count_;
  ProgressLine line_;
};

/// The progress of training several policies, with an estimate of the remaining time.
class TrainingProgress {
 public:
  explicit TrainingProgress(const std::vector<std::string>& names);

  /// @param done   completed fraction of this attempt at policy `index`, 0..1
  /// @param words  the training's own description
  void update(std::size_t index, double done, const std::string& words);
  void note(const std::string& text) { line_.note(text); }

 private:
  struct Task {
    std::string name;
    std::string words;
    double done = 0;
    double first_done = 0;  ///< done at the first report of this attempt; then its time
    double first_s = 0;
  };

  std::vector<Task> tasks_;
  ProgressLine line_;
};

}  // namespace tacit
