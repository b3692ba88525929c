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
  /// Begins every line that is read from the host's standard output, to distinguish it from output
  /// of the host's shell.
  std::string mark;
};

/// The work on a host. `receive` and `remove` are command lines for the user's login shell there,
/// the others scripts for a POSIX shell that are sent in the kit.
struct SshScripts {
  /// Makes the folder, unpacks the kit from stdin and runs `check`; ends with 74 if the disk does
  /// not take the kit.
  std::string receive;
  /// Ends processes of this run that still live there, installs the sent process folders where
  /// there is nothing newer, and ends with 76 if the programs there are of another release.
  std::string check;
  /// Runs process $1; its status goes to stdout, after a line of the mark and its id, its other
  /// output to stderr. Ends the process when stdin ends, since its launcher is then gone.
  std::string start;
  /// Waits for processes that still run, removes the secrets, and writes a tar archive of the
  /// results to stdout, between archive_begin and archive_end.
  std::string collect;
  /// Removes the run from the host, and confirms it by the mark, alone in a line.
  std::string remove;
};

/// @param again  the folder may already exist, from an earlier start of this run
/// @throws InputError (usage) for a path with control characters
SshScripts ssh_scripts(const SshPlace& place, bool again);

/// The text right before and right after an archive.
std::string archive_begin(const std::string& mark);
std::string archive_end(const std::string& mark);

}  // namespace tacit
