#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "common/experiment/network.h"
#include "common/graph/graphml.h"
#include "common/graph/metrics.h"
#include "common/graph/weights.h"
#include "deploy/cli/command.h"

namespace tacit {
namespace {

constexpr std::size_t kLargeFrom = 20'000;  ///< agents

struct GraphArguments : ExperimentArguments {
  bool as_json = false;
  bool as_graphml = false;
};

std::string kind_names() {
  std::string names;
  for (const NetworkName& kind : graph_kinds()) {
    names += "\n  " + std::string(kind.name) + ": " + std::string(kind.summary);
  }
  return names;
}

void print_names(const Experiment& experiment) {
  const std::vector<std::string>& names = *experiment.agent_names();
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::cout << std::left << std::setw(18) << (i == 0 ? "names" : "") << i << ' ' << names[i]
              << '\n';
  }
}

int show_graph(const GraphArguments& arguments) {
  const auto experiment = arguments.load();
  const Graph& graph = experiment.graph();
  if (arguments.as_graphml) {
    std::cout << write_graphml(graph, *experiment.agent_names());
    return 0;
  }
  if (graph.node_count() >= kLargeFrom) {
    std::cerr << "hint: the diameter and rho of " << graph.node_count()
              << " agents may take minutes; --graphml prints the graph at once" << std::endl;
  }
  const DegreeSummary degree = degrees(graph);
  const double metropolis = second_eigenvalue_modulus(graph, metropolis_weights(graph));
  const double random_walk = second_eigenvalue_modulus(graph, random_walk_weights(graph, 0.5));
  if (arguments.as_json) {
    nlohmann::ordered_json document{
        {"agents", graph.node_count()},
        {"edges", graph.edges().size()},
        {"degree", {{"least", degree.least}, {"mean", degree.mean}, {"most", degree.most}}},
        {"diameter", diameter(graph)},
        {"connected", true},
        {"rho", {{"metropolis", metropolis}, {"lazy_random_walk", random_walk}}}};
    if (!experiment.agent_names()->empty()) document["names"] = *experiment.agent_names();
    std::cout << document.dump(2) << '\n';
    return 0;
  }
  for (const std::string& note : experiment.graph_notes()) std::cerr << "hint: " << note << '\n';
  std::cout << "agents            " << graph.node_count() << '\n'
            << "edges             " << graph.edges().size() << '\n'
            << "degree            " << degree.least << " to " << degree.most << ", mean "
            << degree.mean << '\n'
            << "diameter          " << diameter(graph) << " hops\n"
            << "connected         yes\n"
            << "rho, Metropolis   " << metropolis << '\n'
            << "rho, lazy walk    " << random_walk << '\n';
  print_names(experiment);
  return 0;
}

}  // namespace

void add_graph_command(CLI::App& app, Execute& execute) {
  auto* graph = app.add_subcommand("graph", R"(The communication graph of an experiment.

Examples:
  tacit graph deploy/experiments/offload-no-coordinator.toml
  tacit graph deploy/experiments/offload-no-coordinator.toml --graphml > network.graphml

rho is the second largest modulus of an eigenvalue of a weight matrix: the factor by which
disagreement shrinks per round. [graph] kind is one of)" +
                                                kind_names());
  auto arguments = std::make_shared<GraphArguments>();
  arguments->add_to(*graph);
  auto* json = graph->add_flag("--json", arguments->as_json, "print JSON");
  graph->add_flag("--graphml", arguments->as_graphml, "print the graph itself")->excludes(json);
  graph->callback(
      [arguments, &execute] { execute = [arguments] { return show_graph(*arguments); }; });
}

}  // namespace tacit
