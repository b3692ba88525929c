#include "common/graph/graphml.h"

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/graph/generators.h"

namespace tacit {
namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

NamedGraph named(const std::string& text) {
  return simple_graph(read_graphml(text, "g.graphml"), ParallelEdges::merge, "g.graphml");
}

Pairs read(const std::string& text) {
  Pairs pairs;
  const Graph graph = named(text).graph;
  for (const Link& link : graph.edges()) pairs.emplace_back(index_of(link.a), index_of(link.b));
  return pairs;
}

std::string refusal(const std::string& text) {
  try {
    read(text);
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    return error.what();
  }
  return "";
}

/// A document with this inside of its graph element.
std::string graph_of(const std::string& inside, const std::string& attributes = "") {
  return "<graphml>\n<graph" + attributes + ">\n" + inside + "</graph></graphml>";
}

TEST(Graphml, ReadsItsOwnFilesAsTheSameGraph) {
  for (const Graph& graph : {ring_graph(12), Graph(3, {}), small_world_graph(30, 20, 5)}) {
    const Graph again = named(write_graphml(graph)).graph;
    EXPECT_EQ(again.node_count(), graph.node_count());
    EXPECT_EQ(again.edges(), graph.edges());
  }
}

// The header, keys and data that networkx and yEd put around a graph, in short.
TEST(Graphml, ReadsWhatOtherProgramsWrite) {
  const std::string yed = R"(<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
  <key for="node" id="d6" yfiles.type="nodegraphics"/>
  <graph edgedefault="directed" id="G">
    <data key="d0"/>
    <node id="n0">
      <data key="d6"><y:ShapeNode><y:NodeLabel>a</y:NodeLabel></y:ShapeNode></data>
    </node>
    <node id="n2"/>
    <node id="n1"><port name="p"/></node>
    <edge id="e0" source="n0" target="n2"><data key="d10"/></edge>
    <edge id="e1" source="n2" target="n0"/>
    <edge id="e2" source="n2" target="n1"/>
  </graph>
</graphml>)";
  EXPECT_EQ(read(yed), (Pairs{{0, 2}, {1, 2}})) << "directed arcs, both ways, numeric ids";
  EXPECT_EQ(read(graph_of("<node id='b'/><node id='a'/><node id='0'/>"
                          "<edge source='a' target='0'/>")),
            (Pairs{{1, 2}}))
      << "order of appearance";
  EXPECT_EQ(read(graph_of("<node id='1'/><node id='5'/><edge source='5' target='1'/>")),
            (Pairs{{0, 1}}))
      << "numbers with gaps are names";
  EXPECT_EQ(read("<g:graphml xmlns:g='x'><g:graph><g:node id='0'/><g:node id='1'/>"
                 "<g:edge source='0' target='1'/></g:graph></g:graphml>"),
            (Pairs{{0, 1}}));
}

TEST(Graphml, NamesLineAndReasonOfWhatItRefuses) {
  const std::string two = "<node id='a'/>\n<node id='b'/>\n";
  const auto at = [](int line, const std::string& message) {
    return "g.graphml:" + std::to_string(line) + ": " + message;
  };
  EXPECT_EQ(refusal(graph_of(two + "<edge source='a' target='c'/>")),
            at(5, "no node has the id \"c\""));
  EXPECT_EQ(refusal(graph_of(two + "<edge source='a'/>")), at(5, "an edge without a target"));
  EXPECT_EQ(refusal(graph_of(two + "<node id='a'/>")), at(5, "node \"a\" appears twice"));
  EXPECT_EQ(refusal(graph_of("<node id='a'>\n<graph/></node>")),
            at(4, "a graph inside a node (a group); ungroup it"));
  EXPECT_EQ(refusal(graph_of(two + "<hyperedge/>")),
            at(5, "hyperedges are not supported; join the nodes by edges"));
  EXPECT_EQ(refusal(graph_of("<node/>")), at(3, "a node without an id"));
  EXPECT_EQ(refusal(graph_of("")), at(2, "a graph without nodes"));
  EXPECT_EQ(refusal("<graphml>\n</graphml>"), at(1, "no graph in it"));
  EXPECT_EQ(
      refusal("<graphml>\n<graph id='first'><node id='a'/></graph>\n<graph id='second'>"
              "</graph></graphml>"),
      at(3,
         "more than one graph in the file: set graph.name to one of these, by number or name: "
         "0 (\"first\"), 1 (\"second\")"));
  EXPECT_EQ(refusal("<html/>"), at(1, "expected the element graphml at the top"));
}

TEST(Graphml, BytesAreOfTheEncodingThatItNames) {
  const std::string graph = "<graphml>\n<graph><node id='\xfc'/></graph></graphml>";
  const std::string head = "<?xml version='1.0' encoding='";
  EXPECT_EQ(refusal(graph), "g.graphml:2: is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(refusal(head + "utf-8'?>" + graph),
            "g.graphml:2: is not UTF-8; save the file as UTF-8");
  EXPECT_EQ(read_graphml(head + "ISO-8859-1'?>" + graph, "map").names,
            std::vector<std::string>{"\xc3\xbc"});
}

TEST(Graphml, OfSeveralGraphsTheOneThatIsWantedIsRead) {
  const std::string text =
      "<graphml><graph id='a'><node id='x'/></graph><graph id='b'><node id='y'/></graph></graphml>";
  EXPECT_EQ(read_graphml(text, "map", "b").names, std::vector<std::string>{"y"});
  EXPECT_EQ(read_graphml(text, "map", "0").names, std::vector<std::string>{"x"});
}

TEST(Graphml, KeepsNames) {
  const std::string keys =
      "<key attr.name='label' for='graph' id='d1'/><key attr.name='label' for='node' id='d2'/>";
  const NamedGraph zoo =
      named("<graphml>" + keys +
            "<graph edgedefault='undirected'><data key='d1'>map</data>"
            "<node id='1'><data key='d9'>x</data><data key='d2'>Graz &amp; more</data></node>"
            "<node id='0'><data key='d2'>Wien\n</data></node><edge source='0' target='1'/></graph>"
            "</graphml>");
  const std::vector<std::string> names{"Wien", "Graz & more"};
  EXPECT_EQ(zoo.names, names);
  EXPECT_EQ(named(write_graphml(zoo.graph, zoo.names)).names, names);
  const NamedGraph yed = named(graph_of(
      "<node id='n0'><data key='d6'><y:ShapeNode><y:NodeLabel>a</y:NodeLabel></y:ShapeNode></data>"
      "</node><node id='n1'/>"));
  EXPECT_EQ(yed.names, (std::vector<std::string>{"a", "n1"}));
  EXPECT_EQ(named(graph_of("<node id='x'/>")).names, std::vector<std::string>{"x"});
  EXPECT_TRUE(named(graph_of("<node id='n1'/><node id='n0'/>")).names.empty());
}

TEST(Graphml, ReadsUtf16WithItsLines) {
  for (const bool is_little : {true, false}) {
    const auto encoded = [&](const std::string& text) {
      std::string wide = is_little ? "\xff\xfe" : "\xfe\xff";
      for (const char letter : text) {
        wide += is_little ? std::string{letter, '\0'} : std::string{'\0', letter};
      }
      return wide;
    };
    const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n";
    EXPECT_EQ(read(encoded(head + graph_of("<node id='a'/><node id='b'/>\n"
                                           "<edge source='a' target='b'/>"))),
              (Pairs{{0, 1}}));
    EXPECT_EQ(refusal(encoded(head + graph_of("<node id='a'/>\n<node id='a'/>"))),
              "g.graphml:5: node \"a\" appears twice");
  }
}

TEST(Graphml, HostileFilesEndInAnInputError) {
  std::string deep;
  for (int k = 0; k < 200000; ++k) deep += "<a>";
  for (const std::string& text :
       {std::string(), std::string("\0\0\0", 3), std::string("<graphml><graph>"), deep,
        std::string("<graphml") + std::string(100000, ' '), std::string("\xff\xfe<"),
        graph_of("<node id='99999999999999999999'/><edge source='0' target='1'/>"),
        graph_of(std::string("<node id='a\0b'/><node id='a'/>", 30))}) {
    EXPECT_NE(refusal(text), "") << text.substr(0, 60);
  }
}

}  // namespace
}  // namespace tacit
