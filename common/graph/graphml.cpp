#include "common/graph/graphml.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>

#include "common/base/error.h"

namespace tacit {
namespace {

constexpr std::size_t kNodesMost = 1'000'000;
constexpr std::size_t kEdgesMost = 10'000'000;

/// A document being read: its text, for the lines of messages.
class Source {
 public:
  Source(std::string_view text, const std::string& origin) : text_(text), origin_(origin) {}

  [[noreturn]] void fail(std::ptrdiff_t offset, const std::string& message) const {
    const auto size = static_cast<std::ptrdiff_t>(text_.size());
    const auto end = text_.begin() + std::clamp<std::ptrdiff_t>(offset, 0, size);
    const auto line = 1 + std::count(text_.begin(), end, '\n');
    throw InputError(ExitCode::config, origin_ + ":" + std::to_string(line) + ": " + message);
  }
  [[noreturn]] void fail(pugi::xml_node node, const std::string& message) const {
    fail(node.offset_debug(), message);
  }

 private:
  std::string_view text_;
  std::string origin_;
};

/// The element's name without a namespace prefix.
std::string_view local_name(pugi::xml_node node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

/// An attribute as it may stand in a message.
std::string quoted(pugi::xml_attribute attribute) {
  constexpr std::size_t kLettersMost = 60;
  const std::string_view value = attribute.value();
  return "\"" + std::string(value.substr(0, kLettersMost)) +
         (value.size() > kLettersMost ? "...\"" : "\"");
}

std::optional<std::size_t> numeric_id(std::string_view id) {
  if (id.starts_with('n')) id.remove_prefix(1);
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), value);
  if (error != std::errc() || end != id.data() + id.size()) return std::nullopt;
  return value;
}

using NodeIndices = std::map<std::string_view, std::size_t>;  // by id

NodeIndices read_nodes(pugi::xml_node graph, const Source& source) {
  NodeIndices index_of_id;
  bool all_numeric = true;
  std::set<std::size_t> numbers;
  for (const pugi::xml_node node : graph.children()) {
    if (local_name(node) == "hyperedge") {
      source.fail(node, "hyperedges are not supported; join the nodes by edges");
    }
    if (local_name(node) != "node") continue;
    const pugi::xml_attribute id = node.attribute("id");
    if (!id) source.fail(node, "a node without an id");
    for (const pugi::xml_node child : node.children()) {
      if (local_name(child) == "graph") {
        source.fail(child, "a graph inside a node (a group); ungroup it");
      }
    }
    if (!index_of_id.emplace(id.value(), index_of_id.size()).second) {
      source.fail(node, "node " + quoted(id) + " appears twice");
    }
    if (index_of_id.size() > kNodesMost) source.fail(node, "more than 1,000,000 nodes");
    const auto number = numeric_id(id.value());
    all_numeric = all_numeric && number && numbers.insert(*number).second;
  }
  if (index_of_id.empty()) source.fail(graph, "a graph without nodes");
  if (all_numeric && *numbers.rbegin() == numbers.size() - 1) {
    for (auto& [id, index] : index_of_id) index = *numeric_id(id);
  }
  return index_of_id;
}

std::vector<std::pair<std::size_t, std::size_t>> read_edges(pugi::xml_node graph,
                                                            const NodeIndices& index_of_id,
                                                            const Source& source) {
  const bool directed_by_default =
      std::string_view(graph.attribute("edgedefault").value()) == "directed";
  std::set<std::pair<std::size_t, std::size_t>> arcs;      // as written
  std::vector<std::pair<std::size_t, std::size_t>> edges;  // a < b
  for (const pugi::xml_node edge : graph.children()) {
    if (local_name(edge) != "edge") continue;
    const auto node_index = [&](const char* end) {
      const pugi::xml_attribute id = edge.attribute(end);
      if (!id) source.fail(edge, "an edge without a " + std::string(end));
      const auto found = index_of_id.find(id.value());
      if (found == index_of_id.end()) source.fail(edge, "no node has the id " + quoted(id));
      return found->second;
    };
    const std::size_t from = node_index("source");
    const std::size_t to = node_index("target");
    if (from == to) {
      source.fail(edge, "an edge from " + quoted(edge.attribute("source")) + " to itself");
    }
    const bool is_directed = edge.attribute("directed").as_bool(directed_by_default);
    const bool is_back_known = arcs.contains({to, from});
    if (!arcs.emplace(from, to).second || (is_back_known && !is_directed)) {
      source.fail(edge, "the edge from " + quoted(edge.attribute("source")) + " to " +
                            quoted(edge.attribute("target")) + " appears twice");
    }
    if (arcs.size() > kEdgesMost) source.fail(edge, "more than 10,000,000 edges");
    if (!is_back_known) edges.push_back(std::minmax(from, to));
  }
  return edges;
}

}  // namespace

Graph read_graphml(std::string_view text, const std::string& origin) {
  const Source source(text, origin);
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) source.fail(parsed.offset, std::string("not valid XML: ") + parsed.description());
  const pugi::xml_node top = document.document_element();
  if (local_name(top) != "graphml") source.fail(top, "expected the element graphml at the top");
  const pugi::xml_node graph =
      top.find_child([](pugi::xml_node child) { return local_name(child) == "graph"; });
  if (!graph) source.fail(top, "no graph in it");
  const NodeIndices index_of_id = read_nodes(graph, source);
  return Graph(index_of_id.size(), read_edges(graph, index_of_id, source));
}

std::string write_graphml(const Graph& graph) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
      "  <graph edgedefault=\"undirected\">\n";
  for (std::size_t node = 0; node < graph.node_count(); ++node) {
    text += "    <node id=\"" + std::to_string(node) + "\"/>\n";
  }
  for (const Link& link : graph.edges()) {
    text +=
        "    <edge source=\"" + to_string(link.a) + "\" target=\"" + to_string(link.b) + "\"/>\n";
  }
  return text + "  </graph>\n</graphml>\n";
}

}  // namespace tacit
