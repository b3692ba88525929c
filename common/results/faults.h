#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "common/base/agent_names.h"
#include "common/results/fault_record.h"

namespace tacit {

/// Adds a line to a process's faults.csv, which it starts if need be, in one write: whoever is
/// killed right after it leaves the whole line.
/// A field is empty where there is nothing.
/// @throws InputError (run_folder)
void append_fault(const std::filesystem::path& file, const FaultRecord& fault);

/// @param names  of the agents, if they have any: one more column, which is not read back
/// @throws InputError (run_folder)
void write_faults(const std::filesystem::path& file, std::span<const FaultRecord> faults,
                  const AgentNames& names = nullptr);

/// @return nothing if there is no such file; without a last line that is not whole
/// @throws InputError: unreadable_input, or bad_data with file and line.
std::vector<FaultRecord> read_faults(const std::filesystem::path& file);

/// What was planned, each with what came of it, and then what nobody had planned one by one.
/// @param applied  each stands for the first plan of its kind, phase, target and round that is
///                 still without
std::vector<FaultRecord> merge_faults(std::vector<FaultRecord> planned,
                                      std::span<const FaultRecord> applied);

}  // namespace tacit
