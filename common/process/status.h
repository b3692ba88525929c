#pragma once

#include <chrono>
#include <string>

#include "common/base/ids.h"

namespace tacit {

/// One line into a pipe that all children of a supervisor share.
/// @param descriptor  -1: nobody listens
/// @param line        without its end; shorter than PIPE_BUF, so that lines do not mix
void write_status(int descriptor, std::string line);

/// What a process of a run tells its supervisor: "here ID 0" once it only waits for others, "start
/// ID 0", "round ID K", "done ID 0".
class Status {
 public:
  /// @param descriptor  -1: nobody listens
  Status(int descriptor, ProcessId self) : descriptor_(descriptor), self_(self) {}

  void here();
  void started();
  /// At most two lines a second.
  void round(Round round, std::chrono::steady_clock::time_point now);
  void done();

 private:
  void write_line(const std::string& event, Round round);
  int descriptor_;
  ProcessId self_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace tacit
