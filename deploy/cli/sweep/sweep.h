#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "deploy/cli/command.h"

namespace tacit {

struct SweepArguments : ExperimentArguments {
  std::vector<std::string> argv;
  std::vector<std::string> over;
  std::size_t seed_count = 1;
  std::size_t thread_count = std::max(1u, std::thread::hardware_concurrency());
  std::string out;
  std::string policies;
  std::vector<std::string> plots;
};

/// Runs all cells of a sweep that are not in its folder yet, then writes table.csv, cells.csv and
/// report.html from all cells.
/// @return the exit code: done, whatever the verdicts of the cells
/// @throws InputError: usage; errors of loading or running a cell, naming the cell; interrupted,
/// terminated after a signal
int sweep(const SweepArguments& arguments);

}  // namespace tacit
