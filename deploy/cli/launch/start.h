#pragma once

#include <cstddef>
#include <string>

namespace tacit {

/// Where one machine of a run keeps it, and what is the same for all its processes.
struct StartPlace {
  std::size_t agent_count = 0;
  std::string folder;    ///< to work in: processes meet here, and leave here what they find
  std::string programs;  ///< folder of tacit-agent and tacit-coordinator; empty: on the PATH
  std::string config = "config.toml";
  std::string keys;  ///< folder of the processes' keys; empty: plain text
  std::string port;  ///< shell arithmetic on `process`; 0: a free one
  /// Lines of shell that set `process` to 0 ... N (N: the coordinator) and `address` to what the
  /// others reach this machine by.
  std::string choose;
};

/// A script for a POSIX shell that runs one process of a run until it ends, and ends with its exit
/// code. Somebody who kills the process finds it started again, later each time: it goes on from
/// its checkpoint. Ten deaths with less than a minute of life between them are the most. SIGTERM,
/// SIGINT and SIGHUP end both, and so does the death of the script.
/// @param before  lines that go before the process is started, in the folder, with `place` set to
///                the process's own folder in it, and the command line in "$@"
/// @param after   lines that go after it has ended, with its exit code in `code`
std::string start_script(const StartPlace& place, const std::string& before,
                         const std::string& after);

/// Lines for `before`: what a process says goes to the log in its folder, and its last words also
/// to where the script itself writes (see last_words_to_caller).
std::string log_to_folder();
/// Lines for `after`, with log_to_folder.
std::string last_words_to_caller();

/// Lines that set `process` from `rank`, where a coordinator, if there is one, has rank 0.
std::string process_of_rank(std::size_t agent_count, bool has_coordinator);

}  // namespace tacit
