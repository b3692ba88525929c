#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace tacit {

/// The keys of one run as files: name -> content, as write_keys makes them. Nothing of them stays
/// on this machine's disk.
/// @throws InputError (run_folder) if there is no temporary folder to make them in
std::map<std::string, std::string> fresh_keys(std::size_t agent_count);

/// The file of a process's secret among them.
std::string secret_file(std::size_t process, std::size_t agent_count);

}  // namespace tacit
