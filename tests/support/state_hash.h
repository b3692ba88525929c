#pragma once

#include "common/base/digest.h"
#include "common/base/machine.h"

namespace tacit::testing {

/// Of a machine's state alone, whatever it heard and recorded on the way there.
inline std::uint64_t state_hash(const Machine& machine) {
  CheckpointWriter writer;
  machine.save(writer);
  return hash_bytes(writer.bytes());
}

}  // namespace tacit::testing
