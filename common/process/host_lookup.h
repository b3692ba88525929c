#pragma once

#include <string>

namespace tacit {

/// Asks the name service for a host: what it does not know never comes, so nobody need wait.
/// @return why it cannot answer at this moment, which may change; empty if it knows the host
/// @throws InputError (usage) if there is no such host
std::string look_up(const std::string& host);

}  // namespace tacit
