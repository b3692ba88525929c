#pragma once

#include <memory>

#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::patrol {

/// Robots that keep zones of a floor visited for given fractions of time, from a table [patrol].
/// @throws InputError: config, unreadable_input, bad_data
std::unique_ptr<System> make_patrol_system(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::patrol
