#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "common/base/machine.h"

namespace tacit {

/// The range that a protocol accepts for a number in a peer's payload, bounds included.
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

/// Reports a payload that a correct peer never sends, whatever payloads it received itself: each
/// process bounds the values that it passes on.
/// @throws InputError (peer_lost) naming the sender, always
[[noreturn]] void refuse_payload(const Received& received, std::string_view reason);

}  // namespace tacit
