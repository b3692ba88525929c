#include "deploy/cli/stop_signals.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

// Signals go through a pipe, not into a mask: libraries have threads that do not know the mask.
int read_end = -1;
int write_end = -1;

extern "C" void hold_back(int signal) {
  const auto byte = static_cast<char>(signal);
  [[maybe_unused]] const auto ignored = write(write_end, &byte, 1);
}

std::optional<int> take() {
  char signal = 0;
  return read(read_end, &signal, 1) == 1 ? std::optional<int>(signal) : std::nullopt;
}

}  // namespace

StopSignals::StopSignals() {
  TACIT_CHECK(read_end < 0, "signals are held back in one place");
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    throw InputError(ExitCode::run_folder,
                     "cannot make a pipe: too many open files; raise ulimit -n");
  }
  read_end = ends[0];
  write_end = ends[1];
  struct sigaction action {};
  action.sa_handler = hold_back;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction previous {};
    sigaction(signal, nullptr, &previous);
    if (previous.sa_handler == SIG_IGN) continue;
    before_[signal] = previous;
    sigaction(signal, &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (const auto& [signal, action] : before_) sigaction(signal, &action, nullptr);
  if (const auto signal = take()) raise(*signal);
  close(read_end);
  close(write_end);
  read_end = write_end = -1;
}

int StopSignals::descriptor() const { return read_end; }

std::optional<int> StopSignals::wait(std::chrono::milliseconds longest) const {
  pollfd item{read_end, POLLIN, 0};
  poll(&item, 1, static_cast<int>(longest.count()));
  return take();
}

}  // namespace tacit
