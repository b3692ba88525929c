#include <iostream>

#include "common/base/digest.h"
#include "deploy/cli/command.h"

namespace tacit {

void add_config_command(CLI::App& app, Execute& execute) {
  auto* config = app.add_subcommand("config", R"(Look at an experiment file without running it.

Examples:
  tacit config check deploy/experiments/offload.toml
  tacit config show deploy/experiments/offload.toml -s run.agents=20 > my-experiment.toml)");
  config->require_subcommand(1);

  auto* check = config->add_subcommand("check", "say whether the file can be run, and what it is");
  auto checked = std::make_shared<ExperimentArguments>();
  checked->add_to(*check);
  check->callback([checked, &execute] {
    execute = [checked] {
      const auto experiment = checked->load();
      std::cout << checked->file << ": " << experiment.system_name() << ", "
                << experiment.agent_count() << " agents"
                << (experiment.system().has_coordinator() ? " and a coordinator, " : ", ")
                << experiment.system().round_count() << " rounds, seed " << experiment.seed()
                << ", config hash " << to_hex(experiment.config_hash()) << '\n';
      for (const std::string& sentence : experiment.advice()) {
        std::cout << "hint: " << sentence << '\n';
      }
      return 0;
    };
  });

  auto* show =
      config->add_subcommand("show", "print the effective configuration, defaults included");
  auto shown = std::make_shared<ExperimentArguments>();
  shown->add_to(*show);
  show->callback([shown, &execute] {
    execute = [shown] {
      std::cout << shown->load().effective_config();
      return 0;
    };
  });
}

}  // namespace tacit
