#include <fstream>
#include <iostream>
#include <iterator>

#include "agent/systems/offload/instance.h"
#include "common/base/error.h"
#include "common/results/files.h"
#include "deploy/cli/command.h"

namespace tacit {

void add_solve_command(CLI::App& app, Execute& execute) {
  auto* solve = app.add_subcommand("solve", R"(The exact answer to an offloading instance, as JSON.

Examples:
  tacit solve instance.json
  echo '{"agents":[{"M":15,"B":15,"minH":0,"maxH":2,"minC":1,"maxC":7,"gamma":0.95,
    "deficit_rule":"wait_or_offload","beta":"uniform"}],"alpha":1,"theta":[0.1]}' | tacit solve -

With "theta": per agent J, U, K, lambda and the gradient of the total. With "theta": null, the best
budgets that were found and what they cost.)");
  auto file = std::make_shared<std::string>();
  solve->add_option("instance", *file, "JSON file, or - for standard input")->required();
  solve->callback([file, &execute] {
    execute = [file] {
      const std::string text = *file == "-"
                                   ? std::string(std::istreambuf_iterator<char>(std::cin), {})
                                   : read_text(*file);
      try {
        std::cout << offload::solve(text) << '\n';
      } catch (const InputError& error) {
        throw InputError(error.code(),
                         (*file == "-" ? "standard input" : *file) + ": " + error.what());
      }
      return 0;
    };
  });
}

}  // namespace tacit
