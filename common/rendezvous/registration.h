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
  std::uint64_t run = 0;  ///< in a folder: that it is a part of
};

/// What a process computes, as it stands in whatever it leaves behind:
/// "config hash 0123456789abcdef, numeric fingerprint 0123456789abcdef".
std::string computation(const Greeting& greeting);

/// Why two processes must not run together, with the remedy; nothing if they may.
/// @param whom  how the message calls the other one
std::optional<std::string> difference(const Greeting& ours, const Greeting& theirs,
                                      const std::string& whom);

}  // namespace tacit
