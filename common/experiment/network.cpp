#include "common/experiment/network.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/base/listed.h"
#include "common/graph/edge_file.h"
#include "common/graph/generators.h"
#include "common/graph/gml.h"
#include "common/graph/graphml.h"
#include "common/graph/metrics.h"
#include "common/link/combined_links.h"
#include "common/link/random_links.h"
#include "common/link/schedule.h"
#include "common/proximity/lattice.h"
#include "common/proximity/line_of_sight.h"
#include "common/proximity/plan_source.h"

namespace tacit {
namespace {

constexpr std::size_t kGraphFileSizeMost = 64 << 20;  // bytes
constexpr std::size_t kNamedAgentsMost = 20;
constexpr double kMadeEdgesMost = 2e6;   // all pairs of 2,000 agents
constexpr double kDrawnPairsMost = 2e8;  // each takes a draw: all pairs of 20,000 agents

double pairs_of(std::size_t count) {
  return static_cast<double>(count) * (static_cast<double>(count) - 1) / 2;
}

struct GraphRequest {
  const ConfigView& table;
  std::size_t agent_count;
  std::uint64_t seed;

  std::size_t integer(std::string_view key, std::size_t fallback, Range range) const {
    return static_cast<std::size_t>(table.integer(key, static_cast<std::int64_t>(fallback), range));
  }
  /// Refuses graphs that would take minutes and gigabytes to make, before they are made.
  void check_size(std::string_view key, double count, double most, const char* of_what) const {
    if (count <= most) return;
    table.fail(key, std::to_string(std::llround(count)) + " " + of_what + " for " +
                        std::to_string(agent_count) + " agents are more than the " +
                        std::to_string(std::llround(most)) +
                        " that are possible: choose a graph with fewer, or lower run.agents");
  }
  void check_edges(std::string_view key, double count) const {
    check_size(key, count, kMadeEdgesMost, "edges");
  }
};

Graph make_grid(const GraphRequest& request) {
  const std::size_t count = request.agent_count;
  // As square as the number of agents allows.
  auto rows = static_cast<std::size_t>(std::sqrt(static_cast<double>(count)));
  while (rows > 1 && count % rows != 0) --rows;
  const double most = static_cast<double>(count);
  rows = request.integer("rows", rows, {1, most});
  const std::size_t columns =
      request.integer("columns", std::max<std::size_t>(1, count / rows), {1, most});
  if (rows * columns != count) {
    request.table.fail("rows", "rows * columns is " + std::to_string(rows * columns) +
                                   ", but there are " + std::to_string(count) + " agents");
  }
  return grid_graph(rows, columns);
}

Graph make_edge_list(const GraphRequest& request) {
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (const auto& pair : request.table.integer_lists("edges")) {
    if (pair.size() != 2 || pair[0] < 0 || pair[1] < 0) {
      const std::string entry = "edges[" + std::to_string(edges.size()) + "]";
      request.table.fail("edges", entry + ": expected two agents, such as [0, 1]");
    }
    edges.emplace_back(pair[0], pair[1]);
  }
  try {
    return Graph(request.agent_count, edges);
  } catch (const InputError& error) {
    request.table.fail("edges", error.what());
  }
}

template <typename ReadDraft>
NamedGraph from_file(const GraphRequest& request, const ReadDraft& read_draft) {
  const DataFile file = request.table.data_file("file", kGraphFileSizeMost);
  const bool merge = request.table.choice("parallel", "merge", {"merge", "refuse"}) == "merge";
  NamedGraph read = simple_graph(read_draft(file),
                                 merge ? ParallelEdges::merge : ParallelEdges::refuse, file.path);
  if (read.graph.node_count() != request.agent_count) {
    request.table.fail("file", file.path + " has " + std::to_string(read.graph.node_count()) +
                                   " nodes, but there are " + std::to_string(request.agent_count) +
                                   " agents");
  }
  return read;
}

using ReadGraphs = GraphDraft (*)(std::string_view text, const std::string& origin,
                                  const std::string& wanted);

/// Reads a graph from a file that may hold several.
template <ReadGraphs read_graphs>
NamedGraph from_graphs(const GraphRequest& request) {
  const std::string wanted = request.table.has("name") ? request.table.text("name", "") : "";
  return from_file(request,
                   [&](const DataFile& file) { return read_graphs(file.text, file.path, wanted); });
}

NamedGraph from_edge_file(const GraphRequest& request) {
  return from_file(request,
                   [](const DataFile& file) { return read_edge_file(file.text, file.path); });
}

Graph make_two_clusters(const GraphRequest& request) {
  const std::size_t count = request.agent_count;
  if (count < 2) request.table.fail("kind", "two clusters need at least two agents");
  const double most = static_cast<double>(count) - 1;
  const std::size_t first = request.integer("first_size", (count + 1) / 2, {1, most});
  request.check_edges("first_size", pairs_of(first) + pairs_of(count - first) + 1);
  return two_clusters_graph(count, first);
}

Graph make_erdos_renyi(const GraphRequest& request) {
  // Connected with high probability from ln(N) / N on; twice that is connected nearly always.
  const double count = static_cast<double>(request.agent_count);
  const double fallback = std::min(1.0, 2 * std::log(std::max(count, 2.0)) / count);
  const double probability = request.table.number("edge_probability", fallback, {0, 1});
  request.check_size("kind", pairs_of(request.agent_count), kDrawnPairsMost, "pairs to be drawn");
  request.check_edges("edge_probability", probability * pairs_of(request.agent_count));
  try {
    return erdos_renyi_graph(request.agent_count, probability, request.seed);
  } catch (const InputError& error) {
    request.table.fail("edge_probability", error.what());
  }
}

Graph make_small_world(const GraphRequest& request) {
  const std::size_t most = chord_count_most(request.agent_count);
  const std::size_t chords = request.integer("chords", std::min(request.agent_count, most),
                                             {0, static_cast<double>(most)});
  request.check_edges("chords", static_cast<double>(chords + request.agent_count));
  return small_world_graph(request.agent_count, chords, request.seed);
}

struct GraphKind {
  NetworkName name;
  NamedGraph (*make)(const GraphRequest& request);
};

/// A kind whose agents have no names.
template <Graph (*make)(const GraphRequest&)>
NamedGraph unnamed(const GraphRequest& request) {
  return {make(request)};
}

const std::vector<GraphKind>& kinds() {
  static const std::vector<GraphKind> entries{
      {{"ring", "each agent with the next, the last with the first"},
       [](const GraphRequest& r) { return NamedGraph{ring_graph(r.agent_count)}; }},
      {{"line", "each agent with the next"},
       [](const GraphRequest& r) { return NamedGraph{line_graph(r.agent_count)}; }},
      {{"star", "agent 0 with all others"},
       [](const GraphRequest& r) { return NamedGraph{star_graph(r.agent_count)}; }},
      {{"complete", "everyone with everyone"},
       [](const GraphRequest& r) {
         r.check_edges("kind", pairs_of(r.agent_count));
         return NamedGraph{complete_graph(r.agent_count)};
       }},
      {{"grid", "rows x columns, row by row; keys: rows, columns (default: nearly square)"},
       unnamed<make_grid>},
      {{"two_clusters", "two complete graphs and a bridge; keys: first_size (default: half)"},
       unnamed<make_two_clusters>},
      {{"erdos_renyi",
        "every pair with edge_probability (default: 2 ln N / N), drawn until connected"},
       unnamed<make_erdos_renyi>},
      {{"small_world", "ring plus random chords; keys: chords (default: N)"},
       unnamed<make_small_world>},
      {{"edge_list", "as given; keys: edges = [[0, 1], [1, 2]]"}, unnamed<make_edge_list>},
      {{"graphml",
        "from a GraphML file; keys: file, parallel = \"merge\" or \"refuse\", name (if there are "
        "several graphs)"},
       from_graphs<read_graphml>},
      {{"gml", "from a GML file; keys: as graphml"}, from_graphs<read_gml>},
      {{"edge_file", "from a text file with two nodes per line; keys: file, parallel"},
       from_edge_file},
  };
  return entries;
}

std::vector<std::string> names_of(const std::vector<NetworkName>& entries) {
  std::vector<std::string> names;
  for (const NetworkName& entry : entries) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<LinkModel> read_gilbert_elliott(const ConfigView& table, std::uint64_t seed,
                                                LinkTraits& traits) {
  const auto probability = [&](std::string_view key) {
    if (!table.has(key)) table.fail(key, "missing; a number in [0.001, 0.999]");
    return table.number(key, 1, {GilbertElliottLinks::kLeast, GilbertElliottLinks::kMost});
  };
  const GilbertElliottLinks::Config config{seed, probability("fail_probability"),
                                           probability("recover_probability"),
                                           table.flag("one_way", false)};
  traits.up_probability = GilbertElliottLinks::up_probability(config);
  traits.one_way = config.one_way;
  return std::make_unique<GilbertElliottLinks>(config);
}

/// Robots are mostly at points of the lattice, so LineOfSightLinks computes all pairs of those in
/// advance.
std::unique_ptr<LinkModel> read_line_of_sight(const ConfigView& table, LinkTraits& traits) {
  const PlanSource source = read_plan(table);
  const Lattice lattice(*source.plan, Lattice::kSpacing, source.origin);
  traits.floor_plan = source.digest;
  return std::make_unique<LineOfSightLinks>(
      LineOfSightLinks::Config{source.plan->walls,
                               table.number("range_m", 5, {0, 1e6}),
                               {lattice.points().begin(), lattice.points().end()}});
}

/// Up if both are up; or the only one that is given, or nothing.
std::unique_ptr<LinkModel> combine(std::unique_ptr<LinkModel> random,
                                   std::unique_ptr<LinkModel> planned) {
  if (!random) return planned;
  if (!planned) return random;
  return std::make_unique<BothUp>(std::move(random), std::move(planned));
}

std::unique_ptr<LinkModel> plan(std::vector<Outage> outages, std::vector<Partition> partitions) {
  if (outages.empty() && partitions.empty()) return nullptr;
  return std::make_unique<ScheduledLinks>(std::move(outages), partitions);
}

/// [links.coordinator], or nothing if these links do not fail at random.
std::unique_ptr<LinkModel> read_coordinator_links(const ConfigView& table, std::uint64_t seed) {
  const double up_probability = table.number("up_probability", 1, {0, 1});
  const bool one_way = table.flag("one_way", false);
  if (up_probability == 1) return nullptr;
  return std::make_unique<BernoulliLinks>(BernoulliLinks::Config{seed, up_probability, one_way});
}

bool is_cut_off(const std::vector<Outage>& outages, ProcessId coordinator) {
  return std::ranges::any_of(outages, [&](const Outage& outage) {
    return !outage.peer || outage.peer == coordinator || outage.process == coordinator;
  });
}

/// The partitions that name the coordinator.
std::vector<Partition> with_coordinator(std::vector<Partition> partitions, ProcessId coordinator) {
  std::erase_if(partitions, [&](const Partition& partition) {
    return std::ranges::none_of(partition.groups, [&](const auto& group) {
      return std::ranges::find(group, coordinator) != group.end();
    });
  });
  return partitions;
}

}  // namespace

const std::vector<NetworkName>& graph_kinds() {
  static const std::vector<NetworkName> names = [] {
    std::vector<NetworkName> list;
    for (const GraphKind& kind : kinds()) list.push_back(kind.name);
    return list;
  }();
  return names;
}

const std::vector<NetworkName>& link_models() {
  static const std::vector<NetworkName> names{
      {"always_up", "links fail only as planned in [[faults]]"},
      {"bernoulli", "up with up_probability in each round; one_way = true: each direction apart"},
      {"gilbert_elliott",
       "fails in bursts: fail_probability and recover_probability in each round; one_way"},
      {"line_of_sight",
       "up between agents that see each other on a floor_plan, or are at most range_m apart"},
  };
  return names;
}

NamedGraph read_graph(const ConfigView& table, std::size_t agent_count, std::uint64_t seed) {
  const std::string chosen = table.choice("kind", "ring", names_of(graph_kinds()));
  const auto kind = std::find_if(kinds().begin(), kinds().end(),
                                 [&](const GraphKind& entry) { return entry.name.name == chosen; });
  TACIT_CHECK(kind != kinds().end(), "a choice is one of its names");
  NamedGraph made = kind->make({table, agent_count, seed});
  const std::vector<ProcessId> unreachable = unreachable_nodes(made.graph);
  if (!unreachable.empty()) {
    const auto name = [&](std::size_t k) {
      const std::size_t agent = index_of(unreachable[k]);
      return std::to_string(agent) + (made.names.empty() ? "" : " (" + made.names[agent] + ")");
    };
    table.fail("kind", "the graph is not connected: agent 0 cannot reach " +
                           listed(unreachable.size(), name, kNamedAgentsMost) + "; add edges");
  }
  return made;
}

Links read_links(const ConfigView& table, const LinkFaults& faults, const Graph& graph,
                 std::uint64_t seed) {
  const ProcessId coordinator = process_id(graph.node_count());
  const std::string chosen = table.choice("model", "always_up", names_of(link_models()));
  Links links;
  std::unique_ptr<LinkModel> random;
  if (chosen == "bernoulli") {
    if (!table.has("up_probability")) table.fail("up_probability", "missing; a number in [0, 1]");
    links.traits.up_probability = table.number("up_probability", 1, {0, 1});
    links.traits.one_way = table.flag("one_way", false);
    random = std::make_unique<BernoulliLinks>(
        BernoulliLinks::Config{seed, links.traits.up_probability, links.traits.one_way});
  }
  if (chosen == "gilbert_elliott") random = read_gilbert_elliott(table, seed, links.traits);
  if (chosen == "line_of_sight") random = read_line_of_sight(table, links.traits);
  auto planned = plan(faults.outages, faults.partitions);
  links.traits.ever_down =
      links.traits.up_probability < 1 || links.traits.floor_plan != 0 || planned;
  links.traits.independent = (chosen == "always_up" || chosen == "bernoulli") && !planned;
  std::unique_ptr<LinkModel> between_agents = combine(std::move(random), std::move(planned));
  std::unique_ptr<LinkModel> to_coordinator;
  if (table.has("coordinator")) {
    to_coordinator = read_coordinator_links(table.table("coordinator"), seed);
  }
  const bool fails = to_coordinator != nullptr;
  const auto cut_off = with_coordinator(faults.partitions, coordinator);
  to_coordinator = combine(std::move(to_coordinator), plan(faults.outages, cut_off));
  links.traits.coordinator_ever_down =
      fails || !cut_off.empty() || is_cut_off(faults.outages, coordinator);
  if (!between_agents && !to_coordinator) {
    links.model = std::make_unique<AlwaysUp>();
    return links;
  }
  if (!between_agents) between_agents = std::make_unique<AlwaysUp>();
  links.model = std::make_unique<CoordinatorApart>(coordinator, std::move(between_agents),
                                                   std::move(to_coordinator));
  return links;
}

}  // namespace tacit
