#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "common/base/machine.h"

namespace tacit {

/// What a protocol accepts of a number in a peer's payload, both bounds included.
struct Accepted {
  std::string_view name;  ///< for the error message, such as "theta"
  double least;
  double most;
};

/// Copies the doubles of a peer's payload into `values`, checking each.
/// @throws InputError (peer_lost) naming the sender, the round and the field, if the payload has
/// another length, or a number is not finite or outside its bounds.
void read_values(const Received& received, const Accepted& accepted, std::span<double> values);

/// As read_values, for a payload of one double.
double read_value(const Received& received, const Accepted& accepted);

/// Reports a payload that the protocol cannot have sent. What an honest process sends never leads
/// here, whatever it was told before: each bounds what it passes on.
/// @throws InputError (peer_lost) naming the sender, always
[[noreturn]] void refuse_payload(const Received& received, std::string_view reason);

}  // namespace tacit
