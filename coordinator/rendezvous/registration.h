#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/ids.h"
#include "common/wire/codec.h"

namespace tacit {

/// What one process says of itself where processes meet.
struct Registration {
  ProcessId id;
  Greeting greeting;
};

/// Why two processes must not run together, with the remedy; nothing if they may.
/// @param whom  how the message calls the other one
std::optional<std::string> difference(const Greeting& ours, const Greeting& theirs,
                                      const std::string& whom);

}  // namespace tacit
