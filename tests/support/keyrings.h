#pragma once

#include <vector>

#include "common/transport/curve.h"

namespace tacit::testing {

/// The keyrings with which `count` processes authenticate each other.
inline std::vector<Keyring> keyrings(std::size_t count) {
  std::vector<Keyring> keyrings(count);
  std::map<ProcessId, std::string> allowed;
  for (std::size_t k = 0; k < count; ++k) {
    keyrings[k].own = make_key_pair();
    allowed[process_id(k)] = keyrings[k].own.public_key;
  }
  for (Keyring& keyring : keyrings) keyring.allowed = allowed;
  return keyrings;
}

}  // namespace tacit::testing
