#pragma once

#include <cstdint>

namespace tacit {

/// Fixes the settings on which results depend and which differ between machines: Eigen's cache
/// sizes, from which it derives the order of its sums. Called first in every main.
/// @throws InputError (mismatch) on a processor older than x86-64-v3.
void fix_arithmetic();

/// A hash of samples of the arithmetic that learners use: exp, log, tanh, pow, sin and cos at 64
/// points each, exp and log in single precision, the square root, exp, log and tanh of packets, a
/// float product of a 64x1280 matrix and a vector, and one of two small odd-sized matrices.
/// Processes with different fingerprints would compute different bits, and refuse to run together;
/// machines that compute different bits have, as far as these samples can tell, different
/// fingerprints.
std::uint64_t numeric_fingerprint();

}  // namespace tacit
