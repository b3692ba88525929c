#include <iostream>
#include <nlohmann/json.hpp>

#include "common/base/digest.h"
#include "deploy/cli/command.h"
#include "deploy/cli/training.h"

namespace tacit {
namespace {

struct TrainArguments : ExperimentArguments {
  std::string policies;
  bool again = false;
  bool as_json = false;
  TrainingChild child;
};

void print_json(const std::vector<Artifact>& artifacts, const PolicyStore& store) {
  auto list = nlohmann::ordered_json::array();
  for (const Artifact& artifact : artifacts) {
    list.push_back({{"name", artifact.name},
                    {"key", to_hex(artifact.key)},
                    {"file", store.path_of(artifact.name, artifact.key).string()},
                    {"made_from", artifact.made_from},
                    {"record", nlohmann::ordered_json::parse(artifact.record)}});
  }
  std::cout << list.dump(2) << '\n';
}

int train(const TrainArguments& arguments) {
  const auto experiment = arguments.load();
  const PolicyStore store(arguments.policies);
  if (!arguments.child.key.empty()) {
    train_one(experiment, store, arguments.child);
    return 0;
  }
  const auto artifacts =
      provide_policies(training_orders(experiment, arguments), store, arguments.again);
  if (arguments.as_json) {
    print_json(artifacts, store);
    return 0;
  }
  if (artifacts.empty()) std::cerr << arguments.file << ": nothing to train before a run\n";
  for (const Artifact& artifact : artifacts) {
    std::cout << store.path_of(artifact.name, artifact.key).string() << "  " << artifact.record
              << '\n';
  }
  return 0;
}

}  // namespace

void add_policies_option(CLI::App& command, std::string& folder) {
  folder = "policies";
  command.add_option("--policies", folder, "folder where trained policies are kept")
      ->capture_default_str();
}

void add_train_command(CLI::App& app, Execute& execute) {
  auto* train_app = app.add_subcommand(
      "train", R"(Train what an experiment's agents must have learned before a run.

Examples:
  tacit train deploy/experiments/grid.toml
  tacit train deploy/experiments/grid.toml -s grid.training.seed=7 --policies /shared/policies

Policies are kept as files NAME-KEY.policy and found again by what they were made from; only those
that are not there yet are trained, in parallel. 'tacit run' does the same first. Agents on other
machines get theirs from the coordinator, which reads this folder.)");
  auto arguments = std::make_shared<TrainArguments>();
  arguments->add_to(*train_app);
  add_policies_option(*train_app, arguments->policies);
  train_app->add_flag("--again", arguments->again, "train also what is there already");
  train_app->add_flag("--json", arguments->as_json, "print JSON");
  train_app->add_option("--only", arguments->child.key, "this task, in this process")->group("");
  add_child_options(*train_app, arguments->child.supervisor, arguments->child.status_descriptor);
  train_app->callback(
      [arguments, &execute] { execute = [arguments] { return train(*arguments); }; });
}

}  // namespace tacit
