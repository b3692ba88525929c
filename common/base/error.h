#pragma once

#include <stdexcept>
#include <string>

namespace tacit {

/// Exit codes of every program of tacit. 130 and 143 follow SIGINT and SIGTERM.
enum class ExitCode : int {
  done = 0,               ///< finished, constraints and bounds hold
  constraint_failed = 1,  ///< finished, but a constraint or a theory bound does not hold
  usage = 64,             ///< command line
  bad_data = 65,          ///< a data file or instance holds an impossible value
  unreadable_input = 66,  ///< a file that cannot be opened or read
  peer_absent = 69,       ///< a process did not appear at the start barrier
  internal = 70,          ///< a bug of this program
  run_folder = 74,        ///< run folder or disk
  peer_lost = 75,         ///< after the start a peer is silent, gone, or sends an invalid payload
  mismatch = 76,          ///< version, config hash, numeric fingerprint or duplicate id
  authentication = 77,    ///< a peer that cannot be authenticated
  config = 78,            ///< experiment file: unknown key, type, range, graph
  interrupted = 130,
  terminated = 143,
};

/// Wrong input of a user or a peer: caught only in the mains, which print `what()` and return
/// `code()`. The message names the place (file, line, field or peer) and the remedy.
class InputError : public std::runtime_error {
 public:
  InputError(ExitCode code, const std::string& message)
      : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace tacit
