#include <iostream>

#include "common/process/key_files.h"
#include "deploy/cli/command.h"

namespace tacit {
namespace {

struct KeysArguments : ExperimentArguments {
  std::string out;
};

int make_keys(const KeysArguments& arguments) {
  const auto experiment = arguments.load();
  write_keys(arguments.out, experiment.agent_count());
  std::cerr << "keys of " << experiment.agent_count() << " agents and the coordinator are in "
            << arguments.out << ": give every machine allowed.json and its own secrets only\n";
  return 0;
}

}  // namespace

void add_keys_command(CLI::App& app, Execute& execute) {
  auto* keys = app.add_subcommand("keys", R"(Makes the keys of an experiment's processes.

Examples:
  tacit keys deploy/experiments/offload.toml --out keys
  tacit keys deploy/experiments/offload.toml -s run.agents=20 --out keys-20

The folder gets a secret for every agent and for the coordinator, readable by its owner only, and
allowed.json with everybody's public key. Processes that are started with --keys FOLDER encrypt what
they say, prove who they are, and talk to the processes of that list only.)");
  auto arguments = std::make_shared<KeysArguments>();
  arguments->add_to(*keys);
  keys->add_option("--out", arguments->out, "folder for the keys, new or empty")->required();
  keys->callback(
      [arguments, &execute] { execute = [arguments] { return make_keys(*arguments); }; });
}

}  // namespace tacit
