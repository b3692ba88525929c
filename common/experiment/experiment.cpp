#include "common/experiment/experiment.h"

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/base/whole_number.h"
#include "common/experiment/network.h"
#include "common/proximity/contact_forecast.h"
#include "common/round/delayed_machine.h"
#include "common/round/resend_buffer.h"

namespace tacit {
namespace {

constexpr double kMostAgents = 100'000;
constexpr double kLongestTick_ms = 10'000;
/// Days of computing. Before a run every process searches all its rounds for peers.
constexpr Round kMostRounds = 1'000'000'000;
constexpr double kLargestSeed = static_cast<double>(kExactMost);

std::chrono::milliseconds seconds(const ConfigView& table, std::string_view key, double fallback) {
  const double value = table.number(key, fallback, {0.1, 1e6}, Relevance::operational);
  return std::chrono::milliseconds(static_cast<std::int64_t>(value * 1000));
}

Overdue read_overdue(const ConfigView& table) {
  const std::string name = table.choice("on_overdue", "fail", {"fail", "wait", "close"});
  if (name == "fail") return Overdue::fail;
  return name == "wait" ? Overdue::wait : Overdue::close;
}

std::optional<Pace> read_pace(const ConfigView& table) {
  if (table.choice("mode", "rounds", {"rounds", "realtime"}) == "rounds") return std::nullopt;
  if (!table.has("tick_ms")) table.fail("tick_ms", "missing; milliseconds from round to round");
  return Pace{std::chrono::milliseconds(table.integer("tick_ms", 1, {1, kLongestTick_ms})),
              table.integer("staleness_rounds", 0, {0, static_cast<double>(kFrameWindow) - 1})};
}

TimeSettings read_time(const ConfigView& table) {
  return {seconds(table, "start_deadline_s", 60),
          seconds(table, "gone_deadline_s", 30),
          seconds(table, "silent_deadline_s", 3600),
          table.integer("checkpoint_rounds", kCheckpointRoundsMost,
                        {1, static_cast<double>(kCheckpointRoundsMost)}, Relevance::operational),
          read_overdue(table),
          read_pace(table)};
}

/// The name becomes that of a folder, beside a link "latest", and is printed.
std::string read_name(const ConfigView& run, const std::string& fallback) {
  constexpr std::size_t kBytesMost = 100;
  const std::string name = run.text("name", fallback, Relevance::operational);
  if (name.empty() || name.size() > kBytesMost || name.front() == '.' || name == "latest" ||
      name.find('/') != std::string::npos || !is_printable(name)) {
    run.fail("name", "expected the name of a folder in runs/ (printable letters, at most " +
                         std::to_string(kBytesMost) +
                         " bytes, no /, no dot in front, not \"latest\"), got \"" +
                         printable(name) + "\"");
  }
  return name;
}

void check_length(const std::string& path, const std::string& system, Round round_count) {
  if (round_count <= kMostRounds) return;
  throw InputError(ExitCode::config, path + ": the run has " + std::to_string(round_count) +
                                         " rounds, more than " + std::to_string(kMostRounds) +
                                         ": lower the numbers in [" + system +
                                         "] that say how long it is");
}

ExperimentHead read_head(const ConfigView& root, Catalog catalog) {
  std::vector<std::string> names;
  for (const SystemEntry& entry : catalog) names.emplace_back(entry.name);
  const std::string system = root.choice("system", names.front(), names);
  const ConfigView run = root.table("run");
  const std::string name = read_name(run, system);
  return {system, name, static_cast<std::uint64_t>(run.integer("seed", 1, {0, kLargestSeed}))};
}

}  // namespace

ExperimentHead read_head(const std::string& path, const std::vector<std::string>& overrides,
                         Catalog catalog) {
  return read_head(ConfigDocument::load(path, overrides).root(), catalog);
}

Experiment Experiment::load(const std::string& path, const std::vector<std::string>& overrides,
                            Catalog catalog) {
  auto document = ConfigDocument::load(path, overrides);
  Experiment experiment = read(document, path, catalog);
  if (!overrides.empty() && !document.is_read()) {
    const auto as_written = ConfigDocument::load(path, {});
    try {
      read(as_written, path, catalog);
    } catch (const InputError&) {  // the keys read until then are known
    }
    experiment.notes_ = document.leave_out_useless(as_written);
  }
  document.reject_unknown_keys();
  experiment.effective_config_ = document.effective();
  experiment.config_hash_ = document.hash();
  return experiment;
}

/// Reads everything, but does not reject unknown keys.
Experiment Experiment::read(const ConfigDocument& document, const std::string& path,
                            Catalog catalog) {
  const ConfigView root = document.root();
  const ExperimentHead head = read_head(root, catalog);
  Experiment experiment;
  experiment.system_name_ = head.system;
  experiment.name_ = head.name;
  experiment.seed_ = head.seed;
  const ConfigView run = root.table("run");
  const auto agent_count = static_cast<std::size_t>(run.integer("agents", 10, {1, kMostAgents}));
  experiment.take_graph(read_graph(root.table("graph"), agent_count, experiment.seed_));
  experiment.link_faults_ = read_link_faults(root, *experiment.graph_);
  Links links = read_links(root.table("links"), experiment.link_faults_, *experiment.graph_,
                           experiment.seed_);
  experiment.links_ = std::move(links.model);
  experiment.time_ = read_time(root.table("time"));
  const bool may_be_late =
      experiment.time_.may_miss_frames() || !experiment.link_faults_.delays.empty();
  if (may_be_late) {
    links.traits.ever_down = links.traits.one_way = true;
    links.traits.independent = false;
  }
  experiment.system_ = find_system(catalog, experiment.system_name_)
                           .make(root.table(experiment.system_name_),
                                 {agent_count, experiment.seed_, *experiment.graph_,
                                  *experiment.links_, links.traits});
  check_length(path, experiment.system_name_, experiment.system_->round_count());
  experiment.foresee_contacts(root.table("links"));
  if (may_be_late && !experiment.system_->bears_missed_frames()) {
    throw InputError(ExitCode::config,
                     path + ": the agents of \"" + experiment.system_name_ +
                         "\" need every frame in time: leave out time.mode = \"realtime\", "
                         "time.on_overdue = \"close\" and delays");
  }
  if (links.traits.coordinator_ever_down && !experiment.system_->bears_unheard_coordinator()) {
    const std::string coordinator = std::to_string(agent_count);
    throw InputError(ExitCode::config,
                     path + ": the agents of \"" + experiment.system_name_ +
                         "\" need to hear the coordinator in every round: leave out "
                         "[links.coordinator], outages of process " +
                         coordinator +
                         " or of all links of an agent (plan link = [i, j]), and partitions that "
                         "name process " +
                         coordinator);
  }
  experiment.faults_ =
      read_fault_plan(root, experiment.process_count(), experiment.system_->round_count());
  return experiment;
}

void Experiment::take_graph(NamedGraph read) {
  graph_ = std::make_unique<Graph>(std::move(read.graph));
  graph_notes_ = std::move(read.notes);
  agent_names_ = std::make_shared<const std::vector<std::string>>(std::move(read.names));
}

/// If agents move and every frame is waited for, agents out of each other's reach need not exchange
/// frames.
void Experiment::foresee_contacts(const ConfigView& links_table) {
  if (!links_->needs_poses()) return;
  const std::optional<Motion> motion = system_->motion();
  if (!motion) {
    links_table.fail("model", "line_of_sight needs agents that are somewhere; those of \"" +
                                  system_name_ + "\" have no place");
  }
  if (time_.may_miss_frames()) return;
  links_ = std::make_unique<ContactForecast>(std::move(links_), agent_count(), *motion);
}

void Experiment::check_runs_in_one_process() const {
  if (!time_.pace) return;
  throw InputError(ExitCode::usage,
                   "time.mode = \"realtime\" is for processes: one process alone has no clock; "
                   "leave out --in-process, or use -s time.mode=rounds");
}

std::vector<std::string> Experiment::advice() const {
  std::vector<std::string> sentences = graph_notes_;
  for (std::string& sentence : system_->advice()) sentences.push_back(std::move(sentence));
  return sentences;
}

std::unique_ptr<Machine> Experiment::make_machine(ProcessId process,
                                                  const Policies& policies) const {
  auto machine = index_of(process) == agent_count() ? system_->make_coordinator()
                                                    : system_->make_agent(process, policies);
  const LinkDelays& delays = link_faults_.delays;
  if (delays.empty() || !machine) return machine;
  return std::make_unique<DelayedMachine>(process, std::move(machine), delays);
}

std::vector<FaultRecord> Experiment::planned_faults() const {
  auto records = records_of(faults_, process_count());
  const auto of_links = records_of(link_faults_, system_->round_count());
  records.insert(records.end(), of_links.begin(), of_links.end());
  return records;
}

}  // namespace tacit
