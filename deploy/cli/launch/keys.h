#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace tacit {

/// New keys of one run as files: name -> content, as write_keys makes them. No key stays on this
/// machine's disk.
/// @throws InputError (run_folder) if there is no temporary folder in which to make them
std::map<std::string, std::string> fresh_keys(std::size_t agent_count);

/// The name of the file with a process's secret key.
std::string secret_file(std::size_t process, std::size_t agent_count);

}  // namespace tacit
