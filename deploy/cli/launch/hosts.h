#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// A machine that is reached by ssh.
struct SshHost {
  std::string name;       ///< argument of ssh: HOST, USER@HOST or an alias
  std::string address;    ///< by which the other processes reach it; [...] if it is IPv6
  std::string programs;   ///< folder of tacit-agent there; empty: the programs are copied
  std::size_t slots = 0;  ///< processes at most; 0: any number
};

/// Reads a host file: in each line a host, then any of slots=N, address=NAME, programs=FOLDER; #
/// begins a comment. IPv6 addresses may have brackets.
/// @param origin  name of the text in messages
/// @throws InputError (config) with the line
std::vector<SshHost> parse_hosts(std::string_view text, const std::string& origin);

/// Assigns processes to hosts in turn, within the hosts' slots.
/// @return for each process the index of its host
/// @throws InputError (config) if there are not enough slots
std::vector<std::size_t> place_processes(const std::vector<SshHost>& hosts,
                                         std::size_t process_count);

}  // namespace tacit
