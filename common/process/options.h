#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tacit {

/// The command line of tacit-agent and tacit-coordinator.
struct ProcessOptions {
  std::size_t id = 0;  ///< agents only
  std::string experiment;
  std::vector<std::string> overrides;
  std::string rendezvous;  ///< an endpoint or a folder; empty: this coordinator itself
  std::string bind = "tcp://127.0.0.1:0";
  std::string advertise;
  std::string out;       ///< run folder; empty: the rendezvous folder
  std::string policies;  ///< folder of trained policies; empty: the coordinator sends them
  std::string keys;      ///< folder of keys; empty: nothing is encrypted
  bool insecure = false;
  int supervisor = 0;          ///< process id of the program that started this one; 0: none
  int status_descriptor = -1;  ///< progress for the supervisor is written there
};

enum class Role { agent, coordinator };

/// Whether a rendezvous is a folder; else it is an endpoint.
bool is_folder(const std::string& rendezvous);

/// @return the options, or the exit code if the program ends here (--help, --version, an error that
///         was printed)
std::optional<ProcessOptions> parse_options(Role role, int argc, char** argv, int& exit_code);

}  // namespace tacit
