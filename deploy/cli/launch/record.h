#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "deploy/cli/launch/hosts.h"

namespace tacit {

/// How a run was launched over ssh, with all decisions of the launch.
struct SshLaunch {
  std::uint64_t run = 0;             ///< names its folder on each host; the run id
  std::vector<SshHost> hosts;        ///< hosts that have a process
  std::vector<std::size_t> host_of;  ///< of each process
  std::string config;                ///< for ssh -F; empty: the user's
  int port = 0;                      ///< process k receives at port + k
  bool insecure = false;
};

/// How a run was launched as a Slurm job.
struct SlurmLaunch {
  std::vector<std::string> options;  ///< the user's options for sbatch
  bool insecure = false;
  std::string job;  ///< the id of the last job; empty: none was submitted
};

/// How a run was launched on Kubernetes.
struct KubernetesLaunch {
  std::string name;  ///< of all its objects, and of its folder on the claim
  std::string image;
  std::string claim;
  bool insecure = false;
};

/// Writes to the run folder, as launch.json, the data with which `tacit resume` starts the same
/// processes at the same places again. The file is durable when this returns.
/// @throws InputError (run_folder)
void write_launch(const std::filesystem::path& folder, const SshLaunch& launch);
void write_launch(const std::filesystem::path& folder, const SlurmLaunch& launch);
void write_launch(const std::filesystem::path& folder, const KubernetesLaunch& launch);

/// @throws InputError: unreadable_input; bad_data if it is damaged or for another number of
/// processes
SshLaunch read_ssh_launch(const std::filesystem::path& folder, std::size_t process_count);
SlurmLaunch read_slurm_launch(const std::filesystem::path& folder);
KubernetesLaunch read_kubernetes_launch(const std::filesystem::path& folder);

/// 64 random bits that identify one launch, at any time and on any machine.
std::uint64_t unused_name();

}  // namespace tacit
