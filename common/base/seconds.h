#pragma once

#include <chrono>
#include <string>

namespace tacit {

/// A duration for a message: "12 s" from ten seconds on, else with what comes after the point:
/// "2.5 s", "0.1 s".
std::string in_seconds(std::chrono::duration<double> duration);

}  // namespace tacit
