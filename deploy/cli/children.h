#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "deploy/cli/stop_signals.h"

namespace tacit {

enum class ChildKind {
  /// A program of tacit: --supervisor and --status-descriptor give it its parent and the
  /// destination of its status; if it is killed, it is started again.
  ours,
  /// Any other: its standard output is its status, and its standard input ends with this process;
  /// if it is killed, it is lost.
  foreign,
};

/// A program that is started as a child of this one.
struct ChildProgram {
  std::string name;                ///< its name in messages
  std::vector<std::string> words;  ///< program and arguments
  std::filesystem::path log;       ///< receives its output
  ChildKind kind = ChildKind::ours;
};

/// The meaning of a status line for the program that wrote it.
struct ChildSign {
  enum class Kind {
    ready,    ///< its start is complete; it only waits for other processes
    further,  ///< it has made more progress than ever before
  };
  std::size_t program;  ///< its place in the group
  Kind kind;
};

/// Programs that run as a group: if one fails, all are stopped.
struct ChildGroup {
  std::vector<ChildProgram> programs;  ///< in the order in which they are started
  std::size_t most_at_once;
  std::function<void(const std::string& line)> on_status;  ///< for each line of write_status()
  std::string if_stopped;  ///< the message after a signal to this process
  std::function<void(const std::string& words)> on_restart;  ///< after a program was killed
  /// Called with each line of status, before on_status. Without it the group waits for no program's
  /// start, and only a long life counts as progress.
  std::function<std::optional<ChildSign>(const std::string& line)> sign_of = {};
  std::size_t most_starting = std::numeric_limits<std::size_t>::max();  ///< at once, not yet ready
};

/// Runs all programs, and waits until they have ended. A program of ours that is killed is started
/// again, within its RestartBudget. If one fails the others are stopped; no process is left behind.
/// @throws InputError with the exit code of the first program that failed, its last words in the
/// message: peer_lost if it was killed too often; peer_absent if it is foreign and its exit code
/// none of ours; interrupted, terminated after a signal to this process.
void run_children(const ChildGroup& group, const StopSignals& signals);

/// The folder of this program and of the others installed with it.
std::filesystem::path program_folder();

}  // namespace tacit
