#pragma once

#include <string>

namespace tacit {

/// Asks the name service for a host, so that no process waits for a host that does not exist.
/// @return why the name service cannot answer at the moment; empty if it knows the host
/// @throws InputError (usage) if there is no such host
std::string look_up(const std::string& host);

}  // namespace tacit
