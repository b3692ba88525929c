#include "common/experiment/network.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "common/base/error.h"
#include "common/graph/generators.h"
#include "common/graph/graphml.h"

namespace tacit {
namespace {

Graph graph_of(const std::string& text, std::size_t agent_count) {
  const ConfigDocument config = ConfigDocument::parse(text, "x.toml", {});
  Graph graph = read_graph(config.root().table("graph"), agent_count, 1).graph;
  config.reject_unknown_keys();
  return graph;
}

Links links_of(const std::string& text, const Graph& graph) {
  const ConfigDocument config = ConfigDocument::parse(text, "x.toml", {});
  const LinkFaults faults = read_link_faults(config.root(), graph);
  Links links = read_links(config.root().table("links"), faults, graph, 1);
  config.reject_unknown_keys();
  return links;
}

template <typename Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    return error.what();
  }
  return "";
}

bool up(const Links& links, std::size_t from, std::size_t to, Round round) {
  return links.model->sends({process_id(from), process_id(to)}, round);
}

TEST(Network, EveryGraphKindHasUsableDefaults) {
  for (const NetworkName& kind : graph_kinds()) {
    if (kind.name == "edge_list" || kind.name == "edge_file") continue;
    if (kind.name == "graphml" || kind.name == "gml") continue;
    for (const std::size_t agent_count : {2, 3, 4, 7, 12}) {
      const std::string text = "[graph]\nkind = \"" + std::string(kind.name) + "\"\n";
      EXPECT_EQ(graph_of(text, agent_count).node_count(), agent_count) << kind.name;
    }
  }
  EXPECT_EQ(graph_of("", 5).edges(), ring_graph(5).edges());
  EXPECT_EQ(graph_of("graph.kind = 'grid'", 12).edges(), grid_graph(3, 4).edges());
  EXPECT_EQ(graph_of("graph.kind = 'small_world'", 12).edges().size(), 24u);
  EXPECT_EQ(graph_of("graph.kind = 'edge_list'\ngraph.edges = [[2, 1], [0, 1]]", 3).edges(),
            line_graph(3).edges());
}

TEST(Network, ReadsAGraphmlFileBesideTheExperiment) {
  const std::string path = std::filesystem::temp_directory_path() /
                           ("tacit-network-" + std::to_string(::getpid()) + ".graphml");
  std::ofstream(path) << write_graphml(star_graph(4));
  const std::string text = "[graph]\nkind = 'graphml'\nfile = '" + path + "'\n";
  EXPECT_EQ(graph_of(text, 4).edges(), star_graph(4).edges());
  EXPECT_EQ(refusal([&] { graph_of(text, 5); }),
            "x.toml:3:8: graph.file: " + path + " has 4 nodes, but there are 5 agents");
  std::filesystem::remove(path);
}

TEST(Network, NamesWhatIsWrongWithAGraph) {
  const auto refuse = [](const std::string& text, std::size_t agent_count) {
    return refusal([&] { graph_of("[graph]\n" + text, agent_count); });
  };
  EXPECT_EQ(refuse("kind = 'edge_list'\nedges = [[0, 1], [2, 3]]", 5),
            "x.toml:2:8: graph.kind: the graph is not connected: agent 0 cannot reach 2, 3, 4; "
            "add edges");
  EXPECT_NE(refuse("kind = 'edge_list'", 50).find(", 20 and 29 more; add edges"),
            std::string::npos);
  EXPECT_EQ(refuse("kind = 'edge_list'\nedges = [[0, 5]]", 3),
            "x.toml:3:9: graph.edges: edge (0, 5): node 5 does not exist; there are 3 nodes, "
            "counted from 0");
  EXPECT_EQ(refuse("kind = 'edge_list'\nedges = [[0, 1], [1]]", 3),
            "x.toml:3:9: graph.edges: edges[1]: expected two agents, such as [0, 1]");
  EXPECT_EQ(refuse("kind = 'grid'\nrows = 5", 12),
            "x.toml:3:8: graph.rows: rows * columns is 10, but there are 12 agents");
  EXPECT_EQ(refuse("chords = 5", 12), "x.toml:2:1: graph.chords: unknown key; known here: kind");
  EXPECT_EQ(refuse("kind = 'graphml'", 3),
            "x.toml:1:1: graph.file: missing; expected the path of a file");
  for (const char* const large :
       {"kind = 'complete'", "kind = 'two_clusters'", "kind = 'erdos_renyi'",
        "kind = 'small_world'\nchords = 3000000"}) {
    EXPECT_NE(refuse(large, 30'000).find("for 30000 agents are more than"), std::string::npos);
  }
  EXPECT_NE(refuse("kind = 'erdos_renyi'\nedge_probability = 0.5", 3000).find("edges for 3000"),
            std::string::npos);
  EXPECT_NE(refuse("kind = 'erdos_renyi'\nedge_probability = 0", 9).find("none of 100"),
            std::string::npos);
}

TEST(Network, ReadsRandomAndPlannedFailuresTogether) {
  const Graph graph = ring_graph(4);
  const Links links = links_of(R"(
[links]
model = "bernoulli"
up_probability = 0.6
[[faults]]
kind = "outage"
link = [1, 0]
from = 10
to = 900
[[faults]]
kind = "outage"
link = [2, 1]
from = 5
to = 6
[[faults]]
kind = "outage"
process = 2
from = 5
to = 6
[[faults]]
kind = "partition"
groups = [[0, 3]]
from = 1000
to = 2000
[[faults]]
kind = "outage"
link = [3, 4]
from = 7
to = 8
)",
                               graph);
  EXPECT_EQ(links.traits.up_probability, 0.6);
  int ups = 0;
  for (Round round = 0; round < 4000; ++round) {
    const bool is_outage = 10 <= round && round < 900;
    const bool is_split = 1000 <= round && round < 2000;
    EXPECT_FALSE(is_outage && up(links, 0, 1, round));
    EXPECT_FALSE(is_split && up(links, 2, 3, round));
    ups += up(links, 0, 3, round);
    EXPECT_EQ(up(links, 3, 4, round), round != 7);
    EXPECT_TRUE(up(links, 4, 0, round)) << "the coordinator's links do not fail at random";
    EXPECT_EQ(up(links, 4, 2, round), round != 5) << "a process that is out has no link";
  }
  EXPECT_NEAR(ups, 2400, 5 * std::sqrt(4000 * 0.24)) << "together in one group";
  EXPECT_FALSE(up(links, 2, 1, 5) || up(links, 3, 2, 5));
}

TEST(Network, CoordinatorLinksFailOnlyIfAsked) {
  const Graph graph = ring_graph(4);
  const Links apart = links_of("links.coordinator.up_probability = 0", graph);
  EXPECT_FALSE(up(apart, 0, 4, 0));
  EXPECT_TRUE(up(apart, 0, 1, 0));
  EXPECT_EQ(apart.traits.up_probability, 1);
  const Links plain = links_of("", graph);
  EXPECT_TRUE(up(plain, 0, 4, 0) && up(plain, 0, 1, 0));
}

TEST(Network, KnowsWhetherTheCoordinatorMayGoUnheard) {
  const auto may = [](const std::string& text) {
    return links_of(text, ring_graph(4)).traits.coordinator_ever_down;
  };
  const std::string rounds = "from = 1\nto = 2\n";
  EXPECT_FALSE(may(""));
  EXPECT_FALSE(may("[links]\nmodel = 'bernoulli'\nup_probability = 0.5\n"));
  EXPECT_FALSE(may("[links.coordinator]\nup_probability = 1\n"));
  EXPECT_TRUE(may("[links.coordinator]\nup_probability = 0.9\n"));
  EXPECT_FALSE(may("[[faults]]\nkind = 'outage'\nlink = [0, 1]\n" + rounds));
  EXPECT_TRUE(may("[[faults]]\nkind = 'outage'\nlink = [0, 4]\n" + rounds));
  EXPECT_TRUE(may("[[faults]]\nkind = 'outage'\nprocess = 2\n" + rounds));
  EXPECT_FALSE(may("[[faults]]\nkind = 'partition'\ngroups = [[0, 1], [2, 3]]\n" + rounds));
  EXPECT_TRUE(may("[[faults]]\nkind = 'partition'\ngroups = [[0, 1], [2, 3, 4]]\n" + rounds));
}

TEST(Network, NamesWhatIsWrongWithLinks) {
  const auto refuse = [](const std::string& text) {
    return refusal([&] { links_of("[links]\n" + text, ring_graph(4)); });
  };
  EXPECT_EQ(refuse("model = 'bernouli'\n"),
            "x.toml:2:9: links.model: expected one of always_up, bernoulli, gilbert_elliott, "
            "line_of_sight, got \"bernouli\"; "
            "did you mean bernoulli?");
  EXPECT_EQ(refuse("model = 'bernoulli'\n"),
            "x.toml:1:1: links.up_probability: missing; a number in [0, 1]");
  EXPECT_EQ(refuse("up_probability = 0.5\n").substr(0, 42),
            "x.toml:2:1: links.up_probability: unknown ");
}

TEST(Network, NamesWhatIsWrongWithPlannedFailures) {
  const auto refuse = [](const std::string& text) {
    return refusal([&] { links_of("[[faults]]\nkind = " + text, ring_graph(4)); });
  };
  EXPECT_EQ(refuse("'outage'\nlink = [0, 2]\nfrom = 1\nto = 2\n"),
            "x.toml:3:8: faults[0].link: agents 0 and 2 are no neighbours in the graph");
  EXPECT_EQ(refuse("'outage'\nprocess = 5\nfrom = 1\nto = 2\n"),
            "x.toml:3:11: faults[0].process: expected an integer in [0, 4], got 5");
  EXPECT_EQ(refuse("'outage'\nprocess = 3\nfrom = 2\nto = 2\n"),
            "x.toml:5:6: faults[0].to: must be after from = 2");
  EXPECT_NE(refuse("'outage'\nprocess = 3\nfrom = 2\n").find("faults[0].to: missing"),
            std::string::npos);
  EXPECT_NE(refuse("'outage'\nfrom = 1\nto = 2\n").find("either process"), std::string::npos);
  EXPECT_EQ(refuse("'partition'\ngroups = [[0, 1], [1]]\nfrom = 1\nto = 2\n"),
            "x.toml:3:10: faults[0].groups: process 1 stands in the groups twice");
  EXPECT_EQ(
      refuse("'partition'\ngroups = [[0, 9]]\nfrom = 1\nto = 2\n"),
      "x.toml:3:10: faults[0].groups: there is no process 9; agents are 0..3, the coordinator "
      "is 4");
  EXPECT_NE(refuse("'delay'\n").find("faults[0].rounds: missing"), std::string::npos);
}

}  // namespace
}  // namespace tacit
