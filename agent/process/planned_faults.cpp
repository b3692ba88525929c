#include "agent/process/planned_faults.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace tacit {
namespace {

class FaultyMachine final : public Machine {
 public:
  FaultyMachine(std::unique_ptr<Machine> machine, const PlannedFaults& faults)
      : machine_(std::move(machine)), faults_(faults) {}

  Arcs arcs(Round round) const override { return machine_->arcs(round); }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    faults_.pause_if_planned(input.round);
    faults_.kill_if_planned(KillPhase::exchange, input.round);
    machine_->on_round(input, output);
  }
  void save(CheckpointWriter& writer) const override { machine_->save(writer); }
  void restore(CheckpointReader& reader) override { machine_->restore(reader); }
  Result result() const override { return machine_->result(); }

 private:
  std::unique_ptr<Machine> machine_;
  const PlannedFaults& faults_;
};

}  // namespace

PlannedFaults::PlannedFaults(const FaultPlan& plan, ProcessId self, std::uint32_t incarnation,
                             std::filesystem::path folder)
    : folder_(std::move(folder)) {
  if (incarnation > 0) return;
  std::ranges::copy_if(plan.kills, std::back_inserter(plan_.kills),
                       [self](const auto& kill) { return kill.process.value_or(self) == self; });
  std::ranges::copy_if(plan.pauses, std::back_inserter(plan_.pauses),
                       [self](const auto& pause) { return pause.process == self; });
}

bool PlannedFaults::kills(KillPhase phase, Round round) const {
  return std::ranges::any_of(plan_.kills, [&](const PlannedKill& kill) {
    return kill.phase == phase &&
           (phase == KillPhase::checkpoint ? kill.round <= round : kill.round == round);
  });
}

void PlannedFaults::kill(KillPhase phase, Round round) const {
  note("kill", name_of(phase), round);
  ::kill(getpid(), SIGKILL);
  std::abort();  // never reached: nobody outlives SIGKILL
}

void PlannedFaults::pause_if_planned(Round round) const {
  for (const PlannedPause& pause : plan_.pauses) {
    if (pause.round != round) continue;
    note("pause", "", round);
    std::this_thread::sleep_for(pause.length);
  }
}

std::unique_ptr<Machine> PlannedFaults::around(std::unique_ptr<Machine> machine) const {
  if (plan_.kills.empty() && plan_.pauses.empty()) return machine;
  return std::make_unique<FaultyMachine>(std::move(machine), *this);
}

void PlannedFaults::note_packets(const FaultyTransport& transport, Round round) const {
  if (transport.duplicated() > 0) note("duplicate", "", round, transport.duplicated());
  if (transport.corrupted() > 0) note("corrupt", "", round, transport.corrupted());
}

void PlannedFaults::note(std::string_view kind, std::string_view phase, Round round,
                         std::uint64_t count) const {
  std::ofstream(folder_ / "faults.csv", std::ios::app)
      << kind << ',' << phase << ',' << round << ',' << count << '\n';
}

}  // namespace tacit
