#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// How a program ended, and its output.
struct ChildOutcome {
  enum class Ending { exited, not_found, timed_out };
  Ending ending = Ending::exited;
  int status = 0;  ///< exit status, or 128 + the signal's number; only if it exited
  std::string standard_output;
  std::string standard_error;
};

/// Runs a program that reads `input` and is killed when `deadline` has passed since its start. The
/// call never takes longer; a program that closes its input early is no error.
///
/// @param command  program (searched in PATH) and arguments
/// @throws InputError (run_folder) if the system has no more descriptors or processes.
ChildOutcome run_child(const std::vector<std::string>& command, std::string_view input,
                       std::chrono::milliseconds deadline);

}  // namespace tacit
