#pragma once

#include <chrono>

#include "common/base/ids.h"

namespace tacit {

/// What a process tells its supervisor: one line per event into a pipe that all children share
/// (lines are shorter than PIPE_BUF, so they do not mix). "start ID", "round ID K", "done ID".
class Status {
 public:
  /// @param descriptor  -1: nobody listens
  Status(int descriptor, ProcessId self) : descriptor_(descriptor), self_(self) {}

  void started();
  /// At most two lines a second.
  void round(Round round, std::chrono::steady_clock::time_point now);
  void done();

 private:
  void write_line(const char* event, Round round);
  int descriptor_;
  ProcessId self_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace tacit
