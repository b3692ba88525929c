#pragma once

#include <cstdint>
#include <span>

#include "common/base/machine.h"

namespace tacit {

/// Hash over all frames that a process consumed and all rows that it recorded, chained over its
/// rounds: two processes of an experiment with the same history consumed the same frames in the
/// same rounds and wrote the same rows of metrics, to the last bit. A plain value, so checkpoints
/// carry it as it is.
class History {
 public:
  /// Adds a round that the machine has run.
  void add(const RoundInput& input, std::span<const Sample> row);

  /// The digest of a process: XXH3 of this history and of the state that the machine saves.
  std::uint64_t digest_with(const Machine& machine) const;

 private:
  std::uint64_t chain_ = 0;
};

}  // namespace tacit
