#include "deploy/cli/command.h"

namespace tacit {

void ExperimentArguments::add_to(CLI::App& command) {
  command.add_option("file", file, "experiment file (TOML)")->required();
  command
      .add_option("-s,--set", overrides,
                  "override a value of the file: table.key=value (repeatable)")
      ->allow_extra_args(false);
}

}  // namespace tacit
