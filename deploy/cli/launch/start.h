#pragma once

#include <cstddef>
#include <string>

namespace tacit {

/// Where a run's files are on one machine, and the parameters common to all its processes.
struct StartPlace {
  std::size_t agent_count = 0;
  std::string folder;    ///< working folder: processes meet here and leave their results
  std::string programs;  ///< folder of tacit-agent and tacit-coordinator; empty: on the PATH
  std::string config = "config.toml";
  std::string keys;  ///< folder of the processes' keys; empty: plain text
  std::string port;  ///< shell arithmetic on `process`; 0: a free one
  /// Lines of shell that set `process` to 0 ... N (N: the coordinator) and `address` to this
  /// machine's address for the others.
  std::string choose;
};

/// A script for a POSIX shell that runs one process of a run until it ends, and ends with its exit
/// code. If the process is killed, the script starts it again, after a longer pause each time, and
/// it continues from its checkpoint; after ten deaths with less than a minute of life between them
/// the script gives up. SIGTERM, SIGINT and SIGHUP end both, and the death of the script ends the
/// process.
/// @param before  lines that run before the process is started, in the folder, with `place` set to
/// the process's own folder in it, and the command line in "$@"
/// @param after   lines that run after it has ended, with its exit code in `code`
std::string start_script(const StartPlace& place, const std::string& before,
                         const std::string& after);

/// Lines for `before`: the process's output goes to the log in its folder, and its last words also
/// to the script's own output (see last_words_to_caller).
std::string log_to_folder();
/// Lines for `after`, used with log_to_folder.
std::string last_words_to_caller();

/// Lines that set `process` from `rank`; the coordinator, if any, has rank 0.
std::string process_of_rank(std::size_t agent_count, bool has_coordinator);

}  // namespace tacit
