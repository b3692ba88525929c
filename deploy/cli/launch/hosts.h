#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// A machine that is reached by ssh.
struct SshHost {
  std::string name;       ///< what ssh is given: HOST, USER@HOST or an alias
  std::string address;    ///< what the other processes reach it by; [...] if it is IPv6
  std::string programs;   ///< folder of tacit-agent there; empty: the programs are copied
  std::size_t slots = 0;  ///< processes at most; 0: any number
};

/// Reads a host file: in each line a host, then any of slots=N, address=NAME, programs=FOLDER;
/// # begins a comment. IPv6 addresses are understood with and without brackets.
/// @param origin  how messages call the text
/// @throws InputError (config) with the line
std::vector<SshHost> parse_hosts(std::string_view text, const std::string& origin);

/// Deals processes to hosts in turn, as far as their slots go.
/// @return for each process the index of its host
/// @throws InputError (config) if there are not slots enough
std::vector<std::size_t> place_processes(const std::vector<SshHost>& hosts,
                                         std::size_t process_count);

}  // namespace tacit
