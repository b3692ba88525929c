#pragma once

#include <memory>

#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::grid {

/// Buildings that keep to a common cap of the grid by agreeing on its price.
/// @param table  [grid]
/// @throws InputError as read_grid_config
std::unique_ptr<System> make_grid_system(const ConfigView& table, const SystemContext& context);

}  // namespace tacit::grid
