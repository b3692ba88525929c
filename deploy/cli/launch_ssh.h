#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "deploy/cli/launch_hosts.h"
#include "deploy/cli/whole_run.h"

namespace tacit {

struct SshArguments {
  std::string host_file;
  std::string config;  ///< for ssh -F; empty: the user's
  int port = 5555;     ///< process k receives at port + k
  bool insecure = false;
};

/// What is done on each host of a run, in scripts for a POSIX shell.
struct SshScripts {
  std::string check;    ///< ends with 76 if the programs there are of another release
  std::string start;    ///< runs process $1; its status goes to stdout, its words to stderr; ends
                        ///< it when stdin ends, since then whoever started it is gone
  std::string collect;  ///< waits for what still runs, writes a tar archive of the results to
                        ///< stdout and removes the run from the host
};

/// @param folder  of the run on that host, below the user's home folder
/// @throws InputError (usage) for a path with control characters
SshScripts ssh_scripts(const SshHost& host, const std::string& folder, std::size_t agent_count,
                       const SshArguments& arguments);

/// `tacit run` with the processes on other machines, which need not share a disk: copies to each
/// what it needs, starts every process through a connection of its own, and brings back what they
/// leave. Every host is told in advance where each process will be, so there is nobody whose loss
/// would keep a process that was killed from coming back.
/// @throws InputError as run_whole; peer_absent if a host cannot be reached
int run_over_ssh(const RunArguments& arguments, const SshArguments& ssh);

/// Where each process would be, and the scripts.
std::string render_ssh(const RunArguments& arguments, const SshArguments& ssh);

}  // namespace tacit
