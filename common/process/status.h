#pragma once

#include <chrono>
#include <string>

#include "common/base/ids.h"

namespace tacit {

/// Writes one line into the pipe that all children of a supervisor share.
/// @param descriptor  -1: no supervisor
/// @param line        without its end; shorter than PIPE_BUF, so that lines do not mix
void write_status(int descriptor, std::string line);

/// Progress that a process reports to its supervisor: "here ID 0" once it only waits for other
/// processes, "start ID 0", "round ID K", "done ID 0".
class Status {
 public:
  /// @param descriptor  -1: no supervisor
  Status(int descriptor, ProcessId self) : descriptor_(descriptor), self_(self) {}

  void here();
  void started();
  /// Writes at most two lines a second.
  void round(Round round, std::chrono::steady_clock::time_point now);
  void done();

 private:
  void write_line(const std::string& event, Round round);
  int descriptor_;
  ProcessId self_;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace tacit
