#pragma once

#include <cstddef>
#include <string>

#include "deploy/cli/launch/hosts.h"

namespace tacit {

/// One host's part of a run over ssh.
struct SshPlace {
  SshHost host;
  std::string folder;  ///< of the run on that host, below the user's home folder
  std::size_t agent_count = 0;
  int port = 0;
  bool insecure = false;
  /// Stands in front of whatever is read of that host's standard output, so that nothing which its
  /// shell says of its own accord is taken for it.
  std::string mark;
};

/// What is done on a host. `receive` and `remove` are command lines for whatever shell the user has
/// there, the others scripts for a POSIX shell that are sent in the kit.
struct SshScripts {
  std::string receive;  ///< makes the folder, unpacks the kit from stdin and runs `check`; ends
                        ///< with 74 if the disk does not take it
  std::string check;    ///< ends what still lives of this run there, puts what is sent of the
                        ///< processes' folders where there is nothing newer, and ends with 76 if
                        ///< the programs there are of another release
  std::string start;    ///< runs process $1; its status goes to stdout, after a line of the mark
                        ///< and its id, its words to stderr; ends it when stdin ends, since then
                        ///< whoever started it is gone
  std::string collect;  ///< waits for what still runs, removes the secrets, and writes a tar
                        ///< archive of the results to stdout, between archive_begin and archive_end
  std::string remove;   ///< removes the run from the host, and says so: the mark, alone in a line
};

/// @param again  the folder may be there already, of this run's former life
/// @throws InputError (usage) for a path with control characters
SshScripts ssh_scripts(const SshPlace& place, bool again);

/// What stands right before and right after an archive.
std::string archive_begin(const std::string& mark);
std::string archive_end(const std::string& mark);

}  // namespace tacit
