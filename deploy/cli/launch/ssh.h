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

/// `tacit run` with the processes on other machines, which need not share a disk: copies to each
/// what it needs, starts every process through a connection of its own, and brings back what they
/// leave. Every host is told in advance where each process will be, so there is nobody whose loss
/// would keep a process that was killed from coming back. What a host has is removed from it once
/// it is here, and not before.
/// @throws InputError as run_whole; peer_absent if a host cannot be reached; peer_lost naming the
///         hosts that keep results which could not be fetched, and how to get them
int run_over_ssh(const RunArguments& arguments, const SshArguments& ssh);

/// Goes on with a run that run_over_ssh began: the same processes at the same places, each from the
/// checkpoint on its host, or, if that has none, from the one that was brought back.
void resume_over_ssh(const StartedRun& started);

/// Where each process would be, and the scripts.
std::string render_ssh(const RunArguments& arguments, const SshArguments& ssh);

}  // namespace tacit
