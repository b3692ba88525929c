#pragma once

#include <memory>

#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::offload {

/// Edge offloading: in each slot, devices with a battery and aging data decide to wait, to process,
/// or to offload to an edge server that all of them share. They learn, and coordinate by one budget
/// each (method = "dcc") or not at all ("iql"). docs/offload.md explains every key of the table.
/// @throws InputError (config)
std::unique_ptr<System> make_offload_system(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::offload
