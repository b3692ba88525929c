#pragma once

#include <cstddef>
#include <filesystem>

#include "common/transport/curve.h"

namespace tacit {

/// The keys of the processes of an experiment, as files in one folder:
///   agent-<id>.secret, coordinator.secret   the key pair of one process, for its machine only
///   allowed.json                            the public key of every process, for all machines
/// A machine needs allowed.json and the secrets of the processes it runs.

/// Makes a key pair for every agent and for the coordinator. Only the owner can use the folder
/// (0700) and read the secrets (0600).
/// @throws InputError (run_folder) if the folder exists and is not empty (keys in use are not
///         replaced), or cannot be written.
void write_keys(const std::filesystem::path& folder, std::size_t agent_count);

/// The keyring of process `self` of an experiment of N agents.
/// @throws InputError (authentication) naming the file and the remedy: a file is missing or
///         damaged, other users can read a secret or replace a file, the list is not one of N + 1
///         processes with different keys, or the secret does not fit the public key in the list.
Keyring read_keys(const std::filesystem::path& folder, ProcessId self, std::size_t agent_count);

}  // namespace tacit
