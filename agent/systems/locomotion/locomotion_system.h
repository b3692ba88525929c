#pragma once

#include <memory>

#include "common/config/config.h"
#include "common/experiment/system.h"

namespace tacit::locomotion {

/// The joints of one body learn to move it within a corridor, from a table [locomotion]. The
/// coordinator is the plant, which simulates the body.
/// @throws InputError (config)
std::unique_ptr<System> make_locomotion_system(const ConfigView& table,
                                               const SystemContext& context);

}  // namespace tacit::locomotion
