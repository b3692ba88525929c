#pragma once

#include "common/base/digest.h"
#include "common/base/machine.h"

namespace tacit::testing {

/// A hash of a machine's state alone, independent of the frames and records before it.
inline std::uint64_t state_hash(const Machine& machine) {
  CheckpointWriter writer;
  machine.save(writer);
  return hash_bytes(writer.bytes());
}

}  // namespace tacit::testing
