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
  ours,     ///< a program of tacit: told with --supervisor and --status-descriptor whose child it
            ///< is and where its status goes; killed, it is started again
  foreign,  ///< any other: its standard output is its status, and its standard input ends with this
            ///< process; killed, it is lost
};

/// A program that is started as a child of this one.
struct ChildProgram {
  std::string name;                ///< how messages call it
  std::vector<std::string> words;  ///< program and arguments
  std::filesystem::path log;       ///< gets what it says
  ChildKind kind = ChildKind::ours;
};

/// What a line of status shows of the program that wrote it.
struct ChildSign {
  enum class Kind {
    ready,    ///< it is through with its start, and only waits for others
    further,  ///< it has got further than ever before
  };
  std::size_t program;  ///< its place in the group
  Kind kind;
};

/// Programs that stand or fall together.
struct ChildGroup {
  std::vector<ChildProgram> programs;  ///< in the order in which they are started
  std::size_t most_at_once;
  std::function<void(const std::string& line)> on_status;  ///< for each line of write_status()
  std::string if_stopped;  ///< the message after a signal to this process
  std::function<void(const std::string& words)> on_restart;  ///< somebody had killed a program
  /// Of each line of status, before on_status hears it. Without this nobody is waited for at the
  /// start, and only a long life is progress.
  std::function<std::optional<ChildSign>(const std::string& line)> sign_of = {};
  std::size_t most_starting = std::numeric_limits<std::size_t>::max();  ///< at once, not yet ready
};

/// Runs all of them, and waits until they have ended. A program of ours that is killed is started
/// again, as RestartBudget has it. If one fails the others are stopped, and
/// nothing is left behind.
/// @throws InputError with the exit code of the first that failed, its last words in the message:
///         peer_lost if it was killed too often; peer_absent if it is foreign and its exit code
///         none of ours; interrupted, terminated after a signal to this process.
void run_children(const ChildGroup& group, const StopSignals& signals);

/// The folder of this program, and of the others that were installed with it.
std::filesystem::path program_folder();

}  // namespace tacit
