#include "common/protocol/peer_payload.h"

#include <cstring>
#include <string>

#include "common/base/error.h"

namespace tacit {

void refuse_payload(const Received& received, std::string_view reason) {
  throw InputError(ExitCode::peer_lost,
                   "process " + to_string(received.from) + ", frame of round " +
                       std::to_string(received.sent) + ": " + std::string(reason) +
                       "; that process is at fault: see its log, and who runs it");
}

void read_values(const Received& received, const Accepted& accepted, std::span<double> values) {
  if (received.payload.size() != values.size_bytes()) {
    refuse_payload(received, std::string(accepted.name) + " has " +
                                 std::to_string(received.payload.size()) + " bytes, expected " +
                                 std::to_string(values.size_bytes()));
  }
  std::memcpy(values.data(), received.payload.data(), values.size_bytes());
  for (const double value : values) {
    // Written so that NaN, which compares false with everything, is refused too.
    if (value >= accepted.least && value <= accepted.most) continue;
    refuse_payload(received, std::string(accepted.name) + " = " + std::to_string(value) +
                                 " is not in [" + std::to_string(accepted.least) + ", " +
                                 std::to_string(accepted.most) + "]");
  }
}

double read_value(const Received& received, const Accepted& accepted) {
  double value = 0;
  read_values(received, accepted, {&value, 1});
  return value;
}

}  // namespace tacit
