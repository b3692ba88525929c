#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
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

/// Programs that stand or fall together.
struct ChildGroup {
  std::vector<ChildProgram> programs;  ///< in the order in which they are started
  std::size_t most_at_once;
  std::function<void(const std::string& line)> on_status;  ///< for each line of write_status()
  std::string if_stopped;  ///< the message after a signal to this process
  std::function<void(const std::string& words)> on_restart;  ///< somebody had killed a program
};

/// A program that is killed is started again, but not more often than this: what kills it then is
/// no accident.
inline constexpr int kRestartsMost = 20;

/// Runs all of them, and waits until they have ended. If one fails the others are stopped, and
/// nothing is left behind.
/// @throws InputError with the exit code of the first that failed, its last words in the message:
///         peer_lost if it was killed too often; peer_absent if it is foreign and its exit code
///         none of ours; interrupted, terminated after a signal to this process.
void run_children(const ChildGroup& group, const StopSignals& signals);

/// The folder of this program, and of the others that were installed with it.
std::filesystem::path program_folder();

}  // namespace tacit
