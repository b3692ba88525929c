#include "deploy/cli/lockstep_run.h"

#include <algorithm>

#include "common/base/error.h"
#include "common/base/fingerprint.h"
#include "common/rendezvous/registration.h"
#include "common/results/files.h"
#include "common/results/layout.h"
#include "common/results/records.h"
#include "deploy/cli/progress.h"
#include "deploy/cli/step_length.h"

namespace tacit {
namespace {

constexpr std::chrono::seconds kCheckpointInterval{10};
/// A checkpoint of all machines may take as long as thousands of rounds: the pause before the next
/// is this many times as long as the last one took.
constexpr int kRoundsToCheckpoints = 20;

/// The owner of its checkpoints.
std::string owner_of(const Experiment& experiment) {
  Greeting greeting;
  greeting.config_hash = experiment.config_hash();
  greeting.numeric_fingerprint = numeric_fingerprint();
  return "all processes, " + computation(greeting);
}

std::vector<std::filesystem::path> metrics_files(const Experiment& experiment,
                                                 const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (std::size_t i = 0; i < experiment.process_count(); ++i) {
    files.push_back(folder / process_folder(process_id(i), experiment.agent_count()) /
                    "metrics.csv");
  }
  return files;
}

}  // namespace

LockstepRun::LockstepRun(const Experiment& experiment, const Policies& policies,
                         const std::filesystem::path& folder)
    : experiment_(experiment),
      folder_(folder),
      memory_(folder, owner_of(experiment), metrics_files(experiment, folder)) {
  std::vector<Machine*> pointers;
  for (const auto& file : metrics_files(experiment, folder)) {
    machines_.push_back(experiment.make_machine(process_id(machines_.size()), policies));
    pointers.push_back(machines_.back().get());
    metrics_.emplace_back(file);
  }
  lockstep_ = std::make_unique<Lockstep>(pointers, experiment.links(),
                                         [this](ProcessId process, Round round, auto row) {
                                           metrics_[index_of(process)].append(round, row);
                                         });
  if (const auto last = memory_.load(experiment.config_hash())) go_on_after(*last);
}

void LockstepRun::go_on_after(const ProcessMemory::Checkpoint& checkpoint) {
  CheckpointReader reader(checkpoint.node);
  next_round_ = checkpoint_round_ = lockstep_->restore(reader);
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    metrics_[i].go_on_after(checkpoint.metrics[i].size);
  }
}

void LockstepRun::run(std::size_t thread_count, const std::atomic<bool>& stop) {
  const Round last = experiment_.system().round_count();
  StepLength step(experiment_.time().checkpoint_rounds);
  RunProgress progress(machines_.size(), last);
  while (next_round_ <= last && !stop) {
    const Round until = std::min(last, next_round_ + step.rounds() - 1);
    const auto begin = Clock::now();
    lockstep_->run(next_round_, until, thread_count);
    step.took(Clock::now() - begin);
    next_round_ = until + 1;
    progress.update(until, 0);
    if (is_checkpoint_due()) make_checkpoint();
  }
  if (next_round_ != checkpoint_round_) make_checkpoint();
  if (next_round_ > last) write_results();
}

bool LockstepRun::is_checkpoint_due() const {
  const auto passed = Clock::now() - checkpoint_time_;
  return passed >= kRoundsToCheckpoints * checkpoint_cost_ &&
         (passed >= kCheckpointInterval ||
          next_round_ - checkpoint_round_ >= experiment_.time().checkpoint_rounds);
}

/// The metrics from which a run continues are durable before the checkpoint is.
void LockstepRun::make_checkpoint() {
  const auto begin = Clock::now();
  std::vector<MetricsMark> marks;
  for (MetricsWriter& writer : metrics_) marks.push_back(writer.flush());
  CheckpointWriter writer;
  lockstep_->save(writer);
  make_all_durable(folder_);
  memory_.save({std::move(marks), {writer.bytes().begin(), writer.bytes().end()}});
  checkpoint_round_ = next_round_;
  checkpoint_time_ = Clock::now();
  checkpoint_cost_ = checkpoint_time_ - begin;
}

void LockstepRun::write_results() const {
  std::vector<std::vector<MessageRow>> rows(machines_.size());
  for (const auto& [edge, count] : lockstep_->traffic()) {
    rows[index_of(edge.from)].push_back({edge.from, edge.to, MessageKind::data, count});
  }
  for (std::size_t i = 0; i < machines_.size(); ++i) {
    const auto place = folder_ / process_folder(process_id(i), experiment_.agent_count());
    write_process_result(
        place / "result.json",
        {process_id(i), experiment_.config_hash(), lockstep_->digest(process_id(i)),
         experiment_.system().round_count(), true, machines_[i]->result()});
    write_messages(place / "messages.csv", rows[i]);
  }
}

}  // namespace tacit
