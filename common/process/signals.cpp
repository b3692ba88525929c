#include "common/process/signals.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace tacit {
namespace {

constexpr unsigned kPatience_s = 2;
volatile std::sig_atomic_t received = 0;

extern "C" void on_stop(int signal) {
  received = signal;
  alarm(kPatience_s);
}

extern "C" void on_alarm(int) { _exit(128 + stop_signal()); }

}  // namespace

bool prepare_signals(int supervisor) {
  struct sigaction action {};
  action.sa_handler = on_stop;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction before {};
  sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);  // nohup still ignores it
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  if (supervisor == 0) return true;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  return getppid() == supervisor;  // the supervisor may have died before prctl()
}

int stop_signal() { return received == SIGHUP ? SIGTERM : received; }

}  // namespace tacit
