#pragma once

#include <chrono>
#include <string>

namespace tacit {

/// For messages: whole seconds from ten on, "12 s", else two significant digits, "2.5 s", "0.1 s".
std::string in_seconds(std::chrono::duration<double> duration);

}  // namespace tacit
