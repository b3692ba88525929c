#include "deploy/cli/command.h"

#include <iostream>

#include "agent/catalog.h"

namespace tacit {

Experiment load_experiment(const std::string& file, const std::vector<std::string>& overrides) {
  Experiment experiment = Experiment::load(file, overrides, systems());
  for (const std::string& note : experiment.notes()) std::cerr << "note: " << note << '\n';
  return experiment;
}

void ExperimentArguments::add_to(CLI::App& command) {
  command.add_option("file", file, "experiment file (TOML)")->required();
  command
      .add_option("-s,--set", overrides,
                  "override a value of the file: table.key=value (repeatable)")
      ->allow_extra_args(false);
}

}  // namespace tacit
