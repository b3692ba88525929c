#include "common/rendezvous/registration.h"

#include "common/base/digest.h"

namespace tacit {

std::string computation(const Greeting& greeting) {
  return "config hash " + to_hex(greeting.config_hash) + ", numeric fingerprint " +
         to_hex(greeting.numeric_fingerprint);
}

std::optional<std::string> difference(const Greeting& ours, const Greeting& theirs,
                                      const std::string& whom) {
  if (theirs.protocol_version != ours.protocol_version) {
    return whom + " speaks protocol version " + std::to_string(theirs.protocol_version) +
           ", this process " + std::to_string(ours.protocol_version) +
           ": install the same release on every machine";
  }
  if (theirs.config_hash != ours.config_hash) {
    return whom + " runs another experiment (config hash " + to_hex(theirs.config_hash) +
           ", here " + to_hex(ours.config_hash) +
           "): start every process with the same file and the same -s overrides; compare them "
           "with 'tacit config show'";
  }
  if (theirs.numeric_fingerprint != ours.numeric_fingerprint) {
    return whom + " computes other bits (numeric fingerprint " +
           to_hex(theirs.numeric_fingerprint) + ", here " + to_hex(ours.numeric_fingerprint) +
           "): use the same binary and the same C library on every machine";
  }
  return std::nullopt;
}

}  // namespace tacit
