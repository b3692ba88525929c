#include "agent/process/status.h"

#include <unistd.h>

#include <array>
#include <cstdio>

namespace tacit {

void Status::write_line(const char* event, Round round) {
  if (descriptor_ < 0) return;
  std::array<char, 64> line;
  const int size = std::snprintf(line.data(), line.size(), "%s %zu %lld\n", event, index_of(self_),
                                 static_cast<long long>(round));
  // A supervisor that does not listen any more is no reason to stop.
  [[maybe_unused]] const auto ignored =
      ::write(descriptor_, line.data(), static_cast<std::size_t>(size));
}

void Status::started() { write_line("start", 0); }

void Status::round(Round round, std::chrono::steady_clock::time_point now) {
  if (now - last_ < std::chrono::milliseconds(500)) return;
  last_ = now;
  write_line("round", round);
}

void Status::done() { write_line("done", 0); }

}  // namespace tacit
