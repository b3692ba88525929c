#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "common/base/agent_names.h"
#include "common/results/fault_record.h"

namespace tacit {

/// Appends a line to a process's faults.csv, which is created if needed, in one write: a process
/// that is killed right after it leaves the whole line. Fields without a value are empty.
/// @throws InputError (run_folder)
void append_fault(const std::filesystem::path& file, const FaultRecord& fault);

/// @param names  of the agents, if they have any: written to one more column, which is not read
///               back
/// @throws InputError (run_folder)
void write_faults(const std::filesystem::path& file, std::span<const FaultRecord> faults,
                  const AgentNames& names = nullptr);

/// @return the faults of the complete lines; none if there is no such file
/// @throws InputError: unreadable_input, or bad_data with file and line.
std::vector<FaultRecord> read_faults(const std::filesystem::path& file);

/// The planned faults, each with its outcome, then the applied faults that were not planned one by
/// one.
/// @param applied  each replaces the first planned fault of its kind, phase, target and round that
///                 has no outcome yet
std::vector<FaultRecord> merge_faults(std::vector<FaultRecord> planned,
                                      std::span<const FaultRecord> applied);

}  // namespace tacit
