#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "common/base/ids.h"

namespace tacit {

/// Makes runs/<name>/<UTC yyyymmddThhmmssZ>_s<seed>/ exclusively: if that folder exists, the same
/// with -2, -3, ... appended. Makes runs/<name>/latest a link to it.
///
/// @param started  the wall clock's time, which the caller reads, since this folder reads no clock
/// @throws InputError (run_folder) naming the path and the remedy, if it cannot be made.
std::filesystem::path create_run_folder(const std::filesystem::path& runs, std::string_view name,
                                        std::chrono::sys_seconds started, std::uint64_t seed);

/// Makes the folder that the user named the run folder: it must be new or empty.
/// @throws InputError (run_folder) naming the path and the remedy, if it is not.
std::filesystem::path claim_run_folder(const std::filesystem::path& folder);

/// The checks of claim_run_folder without making anything.
void check_claimable(const std::filesystem::path& folder);

/// "agents/007" for an agent (as many digits as agent_count - 1 has, at least three), "coordinator"
/// for process agent_count.
std::filesystem::path process_folder(ProcessId process, std::size_t agent_count);

/// Makes run/agents/* for every agent and, if there is one, run/coordinator.
/// @throws InputError (run_folder)
void create_process_folders(const std::filesystem::path& run, std::size_t agent_count,
                            bool has_coordinator);

/// "20250131T235959Z".
std::string utc_stamp(std::chrono::sys_seconds time);

}  // namespace tacit
