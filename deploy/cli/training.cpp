#include "deploy/cli/training.h"

#include <algorithm>
#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/fingerprint.h"
#include "common/base/version.h"
#include "common/process/signals.h"
#include "common/process/status.h"
#include "deploy/cli/children.h"
#include "deploy/cli/progress.h"

namespace tacit {
namespace {

constexpr std::size_t kLongestWords = 200;
constexpr std::chrono::milliseconds kReportInterval{500};

std::vector<std::string> names_of(const std::vector<TrainingOrder>& orders) {
  std::vector<std::string> names;
  for (const TrainingOrder& order : orders) names.push_back(order.task.name);
  return names;
}

std::string describe(const std::vector<TrainingOrder>& orders, const PolicyStore& store,
                     bool again) {
  std::string text =
      "training " + std::to_string(orders.size()) + (orders.size() == 1 ? " policy" : " policies") +
      (again ? " again: " : " that " + (store.folder() / "").string() + " does not hold: ");
  std::vector<std::string> named;
  for (const TrainingOrder& order : orders) {
    if (std::ranges::find(named, order.task.name) != named.end()) continue;
    text += (named.empty() ? "" : ", ") + order.task.name;
    named.push_back(order.task.name);
  }
  return text;
}

ChildProgram program_of(const TrainingOrder& order, const PolicyStore& store) {
  const auto& [task, arguments] = order;
  ChildProgram program{"the training of " + task.name,
                       {(program_folder() / "tacit").string(), "train", arguments.file,
                        "--policies", store.folder().string(), "--only", to_hex(task.key)},
                       store.path_of(task.name, task.key, ".log")};
  for (const std::string& value : arguments.overrides) {
    program.words.insert(program.words.end(), {"-s", value});
  }
  return program;
}

/// @param announcement  printed before the training
void train_in_children(const std::vector<TrainingOrder>& orders, const PolicyStore& store,
                       const std::string& announcement) {
  const StopSignals signals;
  std::cerr << announcement << '\n';
  TrainingProgress progress(names_of(orders));
  const auto on_status = [&](const std::string& line) {
    std::istringstream text(line);
    std::string key, words;
    double done = 0;
    if (!(text >> key >> done)) return;
    std::getline(text >> std::ws, words);
    const auto found =
        std::ranges::find(orders, key, [](const auto& order) { return to_hex(order.task.key); });
    if (found != orders.end()) {
      progress.update(static_cast<std::size_t>(found - orders.begin()), done, words);
    }
  };
  ChildGroup group{{},
                   std::max(1u, std::thread::hardware_concurrency()),
                   on_status,
                   "stopped; what was not trained to the end is not kept",
                   [&](const std::string& words) { progress.note(words); }};
  store.make_folder();
  std::error_code ignored;
  for (const TrainingOrder& order : orders) {
    group.programs.push_back(program_of(order, store));
    std::filesystem::remove(group.programs.back().log, ignored);  // from an earlier attempt
  }
  run_children(group, signals);
  for (const ChildProgram& program : group.programs) std::filesystem::remove(program.log, ignored);
}

/// Training keeps its best attempt, however poor.
void warn_if_poor(const Artifact& artifact, const PolicyStore& store) {
  const auto record = nlohmann::json::parse(artifact.record, nullptr, false);
  if (!record.is_object() || record.value("good_enough", true)) return;
  std::cerr << "hint: " << store.path_of(artifact.name, artifact.key).string()
            << " is the best of its attempts, but none was accepted: "
            << record.value("quality", 0.0) << " where training asks for "
            << record.value("quality_enough", 0.0) << "; train longer, or from another seed\n";
}

}  // namespace

std::vector<TrainingOrder> training_orders(const Experiment& experiment,
                                           const ExperimentArguments& arguments) {
  std::vector<TrainingOrder> orders;
  for (TrainingTask& task : experiment.system().training_tasks()) {
    orders.push_back({std::move(task), arguments});
  }
  return orders;
}

std::vector<Artifact> provide_policies(const std::vector<TrainingOrder>& orders,
                                       const PolicyStore& store, bool again) {
  std::vector<TrainingOrder> missing;
  for (const TrainingOrder& order : orders) {
    if (again || !store.has(order.task)) {
      missing.push_back(order);
    } else {
      store.load(order.task);  // refused now, not after minutes of training
    }
  }
  if (!missing.empty()) train_in_children(missing, store, describe(missing, store, again));
  std::vector<Artifact> artifacts;
  for (const TrainingOrder& order : orders) {
    artifacts.push_back(store.load(order.task));
    warn_if_poor(artifacts.back(), store);
  }
  return artifacts;
}

void train_one(const Experiment& experiment, const PolicyStore& store, const TrainingChild& child) {
  if (!prepare_signals(child.supervisor)) throw InputError(ExitCode::terminated, "left alone");
  const auto tasks = experiment.system().training_tasks();
  const auto task =
      std::ranges::find(tasks, child.key, [](const auto& entry) { return to_hex(entry.key); });
  if (task == tasks.end()) {
    throw InputError(ExitCode::config, "nothing to train has the key " + child.key +
                                           ": the experiment changed meanwhile; start again");
  }
  auto next = std::chrono::steady_clock::now();
  const auto report = [&](double done, const std::string& words) {
    if (stop_signal() != 0) {
      throw InputError(static_cast<ExitCode>(128 + stop_signal()), "stopped");
    }
    const auto now = std::chrono::steady_clock::now();
    if (now < next) return;
    next = now + kReportInterval;
    write_status(child.status_descriptor,
                 child.key + " " + std::to_string(done) + " " + words.substr(0, kLongestWords));
  };
  TrainingOutcome outcome = task->train(report);
  auto record = nlohmann::ordered_json::parse(outcome.record);
  record["tacit"] = kVersion;  // learning is chaotic: other rounding gives another policy
  record["arithmetic"] = to_hex(numeric_fingerprint());
  store.save({task->name, task->key, task->made_from, record.dump(), std::move(outcome.content)});
  next = {};
  report(1, "saved");
}

}  // namespace tacit
