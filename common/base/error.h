#pragma once

#include <stdexcept>
#include <string>

namespace tacit {

/// How every program of tacit ends. 130 and 143 follow SIGINT and SIGTERM.
enum class ExitCode : int {
  done = 0,               ///< finished, constraints and bounds hold
  constraint_failed = 1,  ///< finished, but a constraint or a theory bound does not hold
  usage = 64,             ///< command line
  bad_data = 65,          ///< a data file or instance says something impossible
  unreadable_input = 66,  ///< a file that cannot be opened or read
  peer_absent = 69,       ///< a process did not appear at the start barrier
  internal = 70,          ///< our bug
  run_folder = 74,        ///< run folder or disk
  peer_lost = 75,         ///< after the start a peer is silent, gone, or says what nobody can
  mismatch = 76,          ///< version, config hash, numeric fingerprint or duplicate id
  authentication = 77,    ///< a peer that is not who it should be
  config = 78,            ///< experiment file: unknown key, type, range, graph
  interrupted = 130,
  terminated = 143,
};

/// Somebody's input is wrong: caught only in the mains, which print `what()` and return `code()`.
/// The message names the place (file, line, field or peer) and the remedy.
class InputError : public std::runtime_error {
 public:
  InputError(ExitCode code, const std::string& message)
      : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace tacit
