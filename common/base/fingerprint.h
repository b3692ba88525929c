#pragma once

#include <cstdint>

namespace tacit {

/// Fixes what the arithmetic of this process depends on and what a machine might vary: Eigen's
/// cache sizes, from which it derives the order of its sums. Called first in every main.
/// @throws InputError (mismatch) on a processor older than x86-64-v3.
void fix_arithmetic();

/// A hash of exp, log, tanh, pow, sin and cos at 64 points each, of exp and log in single
/// precision, and of one 64x1280 float product. Two processes with the same fingerprint compute the
/// same bits; others refuse to run together.
std::uint64_t numeric_fingerprint();

}  // namespace tacit
