#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/ids.h"
#include "common/wire/codec.h"

namespace tacit {

/// The entry with which a process registers at a rendezvous.
struct Registration {
  ProcessId id;
  Greeting greeting;
  std::uint64_t run = 0;  ///< in a folder: the run that the process belongs to
};

/// The computation of a process, as written into its files:
/// "config hash 0123456789abcdef, numeric fingerprint 0123456789abcdef".
std::string computation(const Greeting& greeting);

/// Why two processes must not run together, and the remedy; nothing if they may.
/// @param whom  the name of the other process in the message
std::optional<std::string> difference(const Greeting& ours, const Greeting& theirs,
                                      const std::string& whom);

}  // namespace tacit
