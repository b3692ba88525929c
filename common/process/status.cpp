#include "common/process/status.h"

#include <unistd.h>

namespace tacit {

void write_status(int descriptor, std::string line) {
  if (descriptor < 0) return;
  line += '\n';
  // The process goes on if its supervisor does not read any more.
  [[maybe_unused]] const auto ignored = ::write(descriptor, line.data(), line.size());
}

void Status::write_line(const std::string& event, Round round) {
  write_status(descriptor_, event + " " + to_string(self_) + " " + std::to_string(round));
}

void Status::here() { write_line("here", 0); }

void Status::started() { write_line("start", 0); }

void Status::round(Round round, std::chrono::steady_clock::time_point now) {
  if (now - last_ < std::chrono::milliseconds(500)) return;
  last_ = now;
  write_line("round", round);
}

void Status::done() { write_line("done", 0); }

}  // namespace tacit
