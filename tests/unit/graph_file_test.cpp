// Maps of others: text files with an edge per line, GML, and what becomes of edges that a simple
// graph cannot have.
#include <gtest/gtest.h>

#include "common/graph/edge_file.h"
#include "common/graph/gml.h"
#include "tests/support/message_of.h"

namespace tacit {
namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;
using Names = std::vector<std::string>;

NamedGraph merged(GraphDraft draft) {
  return simple_graph(std::move(draft), ParallelEdges::merge, "map");
}

Pairs pairs_of(const Graph& graph) {
  Pairs pairs;
  for (const Link& link : graph.edges()) pairs.emplace_back(index_of(link.a), index_of(link.b));
  return pairs;
}

std::string refusal(const std::function<void()>& action) {
  return testing::message_of(action, ExitCode::config);
}

constexpr bool kDirected = true, kUndirected = false;

// Two arcs in opposite directions are an edge; anything more is parallel, in whatever order.
TEST(GraphDraft, MergesParallelEdgesInAnyOrder) {
  const std::vector<std::vector<GraphDraft::Edge>> single = {
      {{0, 1, kDirected, 5}, {1, 0, kDirected, 6}},
      {{1, 0, kUndirected, 5}},
  };
  const std::vector<std::vector<GraphDraft::Edge>> parallel = {
      {{0, 1, kUndirected, 5}, {1, 0, kUndirected, 6}},
      {{0, 1, kDirected, 5}, {0, 1, kDirected, 6}},
      {{0, 1, kDirected, 5}, {1, 0, kUndirected, 6}},
      {{1, 0, kUndirected, 5}, {0, 1, kDirected, 6}},
  };
  for (const auto& edges : single) {
    const NamedGraph read = merged({{"a", "b"}, edges});
    EXPECT_EQ(pairs_of(read.graph), (Pairs{{0, 1}}));
    EXPECT_TRUE(read.notes.empty());
    EXPECT_NO_THROW(simple_graph({{"a", "b"}, edges}, ParallelEdges::refuse, "map"));
  }
  for (const auto& edges : parallel) {
    const NamedGraph read = merged({{"a", "b"}, edges});
    EXPECT_EQ(pairs_of(read.graph), (Pairs{{0, 1}}));
    ASSERT_EQ(read.notes.size(), 1u);
    EXPECT_NE(read.notes[0].find("map: 1 parallel edge was merged into others, the first "),
              std::string::npos);
    EXPECT_NE(read.notes[0].find("in line 6"), std::string::npos) << read.notes[0];
    const std::string refused = refusal([&] {
      simple_graph({{"a", "b"}, edges}, ParallelEdges::refuse, "map");
    });
    EXPECT_EQ(refused.substr(0, 16), "map:6: the edge ") << refused;
  }
}

TEST(GraphDraft, LeavesOutEdgesToTheSameNode) {
  const NamedGraph read =
      merged({{"a", "b"}, {{0, 0, kDirected, 3}, {0, 1, kDirected, 4}, {1, 1, kUndirected, 5}}});
  EXPECT_EQ(pairs_of(read.graph), (Pairs{{0, 1}}));
  EXPECT_EQ(read.notes,
            Names{"map: 2 edges from a node to itself were left out, the first at a in line 3"});
}

TEST(GraphDraft, NamesAreOneShortLine) {
  EXPECT_EQ(plain_name(" S\xc3\xa3o\n\tPaulo "), "S\xc3\xa3o Paulo");
  EXPECT_EQ(plain_name("\x1b[2JWien\x7f\xc2\x9b"), "[2JWien");
  EXPECT_EQ(plain_name("Wi\xff"
                       "en"),
            "Wien")
      << "no UTF-8";
  EXPECT_EQ(plain_name(std::string(50, 'a')), std::string(40, 'a') + "...");
  EXPECT_TRUE(merged({{"0", "n1"}, {}}).names.empty()) << "their own numbers";
  EXPECT_EQ(merged({{"1", "2"}, {}}).names, (Names{"1", "2"}));
}

TEST(EdgeFile, ReadsBlanksCommasAndComments) {
  for (const std::string text : {"# a map\n0 1\n\n% more\n 1\t2 0.5\n",
                                 "\xef\xbb\xbfsource,target,weight\r\n0,1,3\r\n1,2,4\r\n",
                                 "0;1\n2;1", "0 1 {'weight': 3}\n1 2 {}\n"}) {
    const NamedGraph read = merged(read_edge_file(text, "map"));
    EXPECT_EQ(pairs_of(read.graph), (Pairs{{0, 1}, {1, 2}})) << text;
    EXPECT_TRUE(read.names.empty()) << text;
  }
  const NamedGraph cities = merged(read_edge_file("Wien, Graz\n\"Bad Ischl\", Wien\n", "map"));
  EXPECT_EQ(cities.names, (Names{"Wien", "Graz", "Bad Ischl"}));
  EXPECT_EQ(pairs_of(cities.graph), (Pairs{{0, 1}, {0, 2}}));
  const NamedGraph numbers = merged(read_edge_file("2 0\n0 1\n", "map"));
  EXPECT_EQ(pairs_of(numbers.graph), (Pairs{{0, 1}, {0, 2}})) << "numbers are agents";
  EXPECT_EQ(merged(read_edge_file("7 9\n", "map")).names, (Names{"7", "9"}));
}

TEST(EdgeFile, NamesTheLineThatIsNoEdge) {
  EXPECT_EQ(refusal([] { read_edge_file("0 1\n2\n", "map"); }),
            "map:2: expected two nodes, as in \"0 1\" or \"Wien, Graz\"");
  EXPECT_EQ(refusal([] { read_edge_file("# nothing\n", "map"); }), "map:1: no edges in it");
}

const std::string kGml = R"(# written by hand
Creator "somebody"
graph [
  directed 0
  label "a map"
  node [ id 4 label "Wien" graphics [ x 1.5 y [ z 2 ] ] ]
  node [ id 7 name "Graz" ]
  node [ id 9 ]
  edge [ source 4 target 7 ]
  edge [ source 9
         target 4 ]
  edge [ source 7 target 4 ]
])";

TEST(Gml, ReadsNodesEdgesAndNames) {
  const NamedGraph read = merged(read_gml(kGml, "map"));
  EXPECT_EQ(read.names, (Names{"Wien", "Graz", "9"}));
  EXPECT_EQ(pairs_of(read.graph), (Pairs{{0, 1}, {0, 2}}));
  ASSERT_EQ(read.notes.size(), 1u);
  EXPECT_NE(read.notes[0].find("the first Graz - Wien in line 12"), std::string::npos);
  const NamedGraph numbers =
      merged(read_gml("graph [ directed 1 node [ id 1 ] node [ id 0 ] edge [ source 0 target 1 ] "
                      "edge [ source 1 target 0 ] ]",
                      "map"));
  EXPECT_TRUE(numbers.names.empty());
  EXPECT_TRUE(numbers.notes.empty()) << "arcs of both directions";
}

TEST(GraphFiles, BadBytesAreRefusedAndEveryLineEndEndsALine) {
  const auto of_edges = [](const std::string& text) {
    return refusal([&] { read_edge_file(text, "map"); });
  };
  EXPECT_EQ(of_edges("a b\rb c\rc \xfc\n"), "map:3: is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(of_edges(std::string("a b\nb \0\n", 9)), "map:2: has a NUL byte; is this a text file?");
  EXPECT_EQ(read_edge_file("a b\rb c\rc d", "map").edges.size(), 3u);
  EXPECT_EQ(refusal([] { read_gml("graph [\rnode [ id 0 label \"\xfc\" ] ]", "map"); }),
            "map:2: is not UTF-8; save the file as UTF-8");
}

TEST(Gml, OfSeveralGraphsTheOneThatIsWantedIsRead) {
  const std::string text =
      "graph [ label \"old\" node [ id 0 ] ]\ngraph [ label \"new\" node [ id 0 ] node [ id 1 ] ]\n"
      "graph [ label \"old\" ]\ngraph [ ]";
  for (const std::string wanted : {"new", "1"}) {
    EXPECT_EQ(read_gml(text, "map", wanted).names.size(), 2u);
  }
  EXPECT_EQ(read_gml(text, "map", "0").names.size(), 1u);
  const std::string all =
      " in the file: set graph.name to one of these, by number or name: "
      "0 (\"old\"), 1 (\"new\"), 2 (\"old\"), 3";
  const auto refused = [&](const std::string& wanted) {
    return refusal([&] { read_gml(text, "map", wanted); });
  };
  EXPECT_EQ(refused(""), "map:2: more than one graph" + all);
  EXPECT_EQ(refused("4"), "map:2: no graph \"4\"" + all);
  EXPECT_EQ(refused("old"), "map:2: several graphs \"old\"" + all);
  EXPECT_EQ(refused("3"), "map:4: a graph without nodes");
}

TEST(Gml, NamesLineAndReasonOfWhatItRefuses) {
  const auto refused = [](const std::string& text) {
    return refusal([&] { read_gml(text, "map"); });
  };
  EXPECT_EQ(refused(""), "map:1: no graph in it: expected graph [ ... ]");
  EXPECT_EQ(refused("graph 3"), "map:1: graph: expected [ ... ]");
  EXPECT_EQ(refused("graph [\n"), "map:1: a list that does not end: ] is missing");
  EXPECT_EQ(refused("graph [\nnode [ id \"a ] ]"), "map:2: a string that does not end");
  EXPECT_EQ(refused("graph [\nnode [ id ] ]"), "map:2: \"id\" has no value");
  EXPECT_EQ(refused("graph [ ]"), "map:1: a graph without nodes");
  EXPECT_EQ(refused("graph [\nnode 3 ]"), "map:2: node: expected [ ... ]");
  EXPECT_EQ(refused("graph [\nnode [ label \"a\" ] ]"), "map:2: a node without an id");
  EXPECT_EQ(refused("graph [\nnode [ id 1 ]\nnode [ id 1 ] ]"), "map:3: node 1 appears twice");
  EXPECT_EQ(refused("graph [\nnode [ id 1 ]\nedge [ source 1 ] ]"),
            "map:3: an edge without a target");
  EXPECT_EQ(refused("graph [\nnode [ id 1 ]\nedge [ source 1 target 2 ] ]"),
            "map:3: no node has the id 2");
  EXPECT_EQ(refused(kGml + "\ngraph [ node [ id 1 ] ]"),
            "map:14: more than one graph in the file: set graph.name to one of these, by number or "
            "name: 0 (\"a map\"), 1");
  EXPECT_EQ(refused("]"), "map:1: expected a key, got \"]\"");
  std::string deep = "graph [ x ";
  for (int k = 0; k < 100'000; ++k) deep += "[ x ";
  EXPECT_EQ(refused(deep), "map:1: lists are nested too deeply");
}

}  // namespace
}  // namespace tacit
