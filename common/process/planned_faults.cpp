#include "common/process/planned_faults.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "common/results/faults.h"

namespace tacit {
namespace {

constexpr std::chrono::milliseconds kWakeInterval{10};

class FaultyMachine final : public Machine {
 public:
  FaultyMachine(std::unique_ptr<Machine> machine, PlannedFaults& faults)
      : machine_(std::move(machine)), faults_(faults) {}

  Arcs arcs(Round round) const override { return machine_->arcs(round); }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    faults_.happen(FaultPhase::exchange, input.round);
    machine_->on_round(input, output);
    faults_.happen(FaultPhase::training, input.round);
  }
  void save(CheckpointWriter& writer) const override { machine_->save(writer); }
  void restore(CheckpointReader& reader) override { machine_->restore(reader); }
  Result result() const override { return machine_->result(); }

 private:
  std::unique_ptr<Machine> machine_;
  PlannedFaults& faults_;
};

/// Sends its parent SIGCONT until it is killed: the first signal may arrive before the parent has
/// stopped. Holds no descriptors that the parent's successor needs, and ignores signals meant for
/// the parent.
[[noreturn]] void wake(pid_t parent, std::chrono::milliseconds after) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  close_range(3, ~0U, 0);
  for (const int stop : {SIGINT, SIGTERM, SIGHUP}) signal(stop, SIG_IGN);
  if (getppid() == parent) std::this_thread::sleep_for(after);
  while (getppid() == parent) {
    ::kill(parent, SIGCONT);
    std::this_thread::sleep_for(kWakeInterval);
  }
  _exit(0);
}

/// Stops this process, all of its threads.
void stand_still(std::chrono::milliseconds length) {
  const pid_t self = getpid();
  const pid_t waker = fork();
  if (waker < 0) return std::this_thread::sleep_for(length);
  if (waker == 0) wake(self, length);
  raise(SIGSTOP);
  ::kill(waker, SIGKILL);
  waitpid(waker, nullptr, 0);
}

/// The part of the plan that concerns one process, alone or with all others.
FaultPlan plan_of(const FaultPlan& plan, ProcessId process) {
  FaultPlan own;
  for (PlannedKill kill : plan.kills) {
    if (kill.process.value_or(process) != process) continue;
    kill.process = process;
    own.kills.push_back(kill);
  }
  std::ranges::copy_if(plan.pauses, std::back_inserter(own.pauses),
                       [&](const PlannedPause& pause) { return pause.process == process; });
  return own;
}

}  // namespace

PlannedFaults::PlannedFaults(const FaultPlan& plan, ProcessId self, std::filesystem::path folder)
    : self_(self), file_(std::move(folder) / "faults.csv"), pending_(plan_of(plan, self)) {
  if (pending_.empty()) return;
  const std::vector<FaultRecord> done = read_faults(file_);
  for (const FaultRecord& fault : done) {
    const auto kill = pending_.take_recorded(fault);
    if (kill && &fault == &done.back()) absence_ = kill->restart_after;
  }
  if (!done.empty() && done.back().kind == "kill") {
    FaultRecord restart = done.back();
    restart.kind = "restart";
    note(restart);
  }
}

void PlannedFaults::happen(FaultPhase phase, Round round) {
  std::vector<FaultRecord> begun;
  const auto pause = pending_.take_pauses(self_, phase, round, begun);
  for (const FaultRecord& fault : begun) note(fault);
  if (pause.count() > 0) stand_still(pause);
  const auto kill = pending_.take_kill(self_, phase, round);
  if (!kill) return;
  note(record_of(*kill, self_, round));
  ::kill(getpid(), SIGKILL);
  std::abort();  // never reached: no process survives SIGKILL
}

std::unique_ptr<Machine> PlannedFaults::around(std::unique_ptr<Machine> machine) {
  if (pending_.empty()) return machine;
  return std::make_unique<FaultyMachine>(std::move(machine), *this);
}

void PlannedFaults::note_packets(const FaultyTransport& transport, Round round) const {
  const std::string target = to_string(self_);
  if (transport.duplicated() > 0) {
    note({"duplicate", "", target, {}, round, transport.duplicated()});
  }
  if (transport.corrupted() > 0) note({"corrupt", "", target, {}, round, transport.corrupted()});
}

void PlannedFaults::note(const FaultRecord& fault) const { append_fault(file_, fault); }

}  // namespace tacit
