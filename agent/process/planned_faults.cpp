#include "agent/process/planned_faults.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "common/run_folder/faults.h"

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

/// Stops this process, all of its threads. A child of its own wakes it, again and again: the first
/// signal may come before it has stopped.
void stand_still(std::chrono::milliseconds length) {
  const pid_t self = getpid();
  const pid_t waker = fork();
  if (waker < 0) return std::this_thread::sleep_for(length);
  if (waker == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::this_thread::sleep_for(length);
    while (getppid() == self) {
      ::kill(self, SIGCONT);
      std::this_thread::sleep_for(kWakeInterval);
    }
    _exit(0);
  }
  raise(SIGSTOP);
  ::kill(waker, SIGKILL);
  waitpid(waker, nullptr, 0);
}

/// The first plan that a record is of.
template <typename Plans, typename RecordOf>
auto planned_as(Plans& plans, const FaultRecord& done, const RecordOf& record_of) {
  return std::ranges::find_if(plans, [&](const auto& plan) {
    FaultRecord record = record_of(plan);
    record.applied = done.applied;
    return record == done;
  });
}

}  // namespace

PlannedFaults::PlannedFaults(const FaultPlan& plan, ProcessId self, std::filesystem::path folder)
    : self_(self), file_(std::move(folder) / "faults.csv") {
  std::ranges::copy_if(plan.kills, std::back_inserter(kills_),
                       [self](const auto& kill) { return kill.process.value_or(self) == self; });
  std::ranges::copy_if(plan.pauses, std::back_inserter(pauses_),
                       [self](const auto& pause) { return pause.process == self; });
  if (kills_.empty() && pauses_.empty()) return;
  const auto kill_record = [self](const PlannedKill& kill) { return record_of(kill, self, {}); };
  const auto pause_record = [](const PlannedPause& pause) { return record_of(pause, {}); };
  const std::vector<FaultRecord> done = read_faults(file_);
  for (const FaultRecord& fault : done) {
    const auto kill = planned_as(kills_, fault, kill_record);
    const auto pause = planned_as(pauses_, fault, pause_record);
    const bool is_last = &fault == &done.back();
    if (is_last && kill != kills_.end()) absence_ = kill->restart_after;
    if (kill != kills_.end()) kills_.erase(kill);
    if (pause != pauses_.end() && pause->is_single()) pauses_.erase(pause);
    if (is_last && fault.kind == "kill") {
      FaultRecord restart = fault;
      restart.kind = "restart";
      note(restart);
    }
  }
}

bool PlannedFaults::expects(FaultPhase phase, Round round) const {
  const auto is_due_here = [&](const auto& plan) { return is_due(plan, self_, phase, round); };
  return std::ranges::any_of(pauses_, is_due_here) || std::ranges::any_of(kills_, is_due_here);
}

void PlannedFaults::happen(FaultPhase phase, Round round) {
  const auto is_due_here = [&](const auto& plan) { return is_due(plan, self_, phase, round); };
  const auto pause = std::ranges::find_if(pauses_, is_due_here);
  if (pause != pauses_.end()) {
    const PlannedPause due = *pause;
    if (due.is_single() || round == due.rounds.from) note(record_of(due, round));
    if (due.is_single()) pauses_.erase(pause);
    stand_still(due.length);
  }
  const auto kill = std::ranges::find_if(kills_, is_due_here);
  if (kill == kills_.end()) return;
  note(record_of(*kill, self_, round));
  ::kill(getpid(), SIGKILL);
  std::abort();  // never reached: nobody outlives SIGKILL
}

std::unique_ptr<Machine> PlannedFaults::around(std::unique_ptr<Machine> machine) {
  if (kills_.empty() && pauses_.empty()) return machine;
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
