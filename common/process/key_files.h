#pragma once

#include <cstddef>
#include <filesystem>

#include "common/transport/curve.h"

namespace tacit {

/// Who the processes of an experiment are, as files in one folder:
///   agent-<id>.secret, coordinator.secret   the key pair of one process, for its machine only
///   allowed.json                            the public key of every process, for all machines
/// A machine needs allowed.json and the secrets of the processes it runs.

/// Makes a key pair for every agent and for the coordinator. The folder is made for its owner only
/// (0700), secrets can be read by their owner only (0600).
/// @throws InputError (run_folder) if the folder is there already and not empty: keys that are in
///         use are not replaced; or if it cannot be written.
void write_keys(const std::filesystem::path& folder, std::size_t agent_count);

/// What process `self` of an experiment of N agents needs.
/// @throws InputError (authentication) naming the file and the remedy: a file is missing or
///         damaged, others can read a secret or replace a file, the list is not one of N + 1
///         processes with different keys, or the secret is not the one that the list expects.
Keyring read_keys(const std::filesystem::path& folder, ProcessId self, std::size_t agent_count);

}  // namespace tacit
