#pragma once

#include <chrono>
#include <string>

#include "common/base/ids.h"

namespace tacit {

/// Says on stderr how far a run is: a line that is rewritten on a terminal, a line every ten
/// seconds elsewhere.
class Progress {
 public:
  Progress(std::size_t process_count, Round round_count);

  void started(std::size_t process_count);
  /// @param round  of the slowest process
  void update(Round round, std::size_t done_count);
  void finish();

 private:
  void say(const std::string& text, bool now);

  using Clock = std::chrono::steady_clock;
  std::size_t process_count_;
  Round round_count_;
  bool terminal_;
  bool open_line_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

}  // namespace tacit
