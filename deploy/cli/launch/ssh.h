#pragma once

#include <string>

#include "deploy/cli/whole_run.h"

namespace tacit {

struct SshArguments {
  std::string host_file;
  std::string config;  ///< for ssh -F; empty: the user's
  int port = 5555;     ///< process k receives at port + k
  bool insecure = false;
};

/// `tacit run` with the processes on other machines, which need not share a disk: copies the needed
/// files to each host, starts every process over its own connection, and brings back the results.
/// Every host knows in advance where each process will be, so the loss of no single process keeps a
/// killed process from coming back. The files on a host are removed only once they are here.
/// @throws InputError as run_whole; peer_absent if a host cannot be reached; peer_lost naming the
///         hosts that keep results which could not be fetched, and how to get them
int run_over_ssh(const RunArguments& arguments, const SshArguments& ssh);

/// Continues a run that run_over_ssh began: the same processes at the same places, each from the
/// checkpoint on its host, or, if there is none, from the one that was brought back.
void resume_over_ssh(const StartedRun& started);

/// The place of each process, and the scripts.
std::string render_ssh(const RunArguments& arguments, const SshArguments& ssh);

}  // namespace tacit
