#include "common/graph/graphml.h"

#include <algorithm>
#include <boost/locale/encoding_utf.hpp>
#include <cstdint>
#include <map>
#include <pugixml.hpp>
#include <set>

#include "common/base/plain_text.h"

namespace tacit {
namespace {

/// A document being read, and its text, from which messages take line numbers.
class Source {
 public:
  Source(std::string_view text, const std::string& origin) : text_(text), origin_(origin) {}

  std::size_t line(pugi::xml_node node) const { return line(node.offset_debug()); }
  [[noreturn]] void fail(std::ptrdiff_t offset, const std::string& message) const {
    refuse_graph(origin_, line(offset), message);
  }
  [[noreturn]] void fail(pugi::xml_node node, const std::string& message) const {
    fail(node.offset_debug(), message);
  }

 private:
  /// Callers ask for nodes in the order of the text, so that lines are counted once.
  std::size_t line(std::ptrdiff_t offset) const {
    const auto end = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(offset, 0, static_cast<std::ptrdiff_t>(text_.size())));
    if (end < counted_) counted_ = breaks_ = 0;
    const std::string_view next = text_.substr(counted_, end - counted_);
    breaks_ += static_cast<std::size_t>(std::ranges::count(next, '\n'));
    counted_ = end;
    return 1 + breaks_;
  }

  std::string_view text_;
  std::string origin_;
  mutable std::size_t counted_ = 0;  ///< letters whose line breaks are counted
  mutable std::size_t breaks_ = 0;
};

constexpr std::string_view kLittleEndian = "\xff\xfe", kBigEndian = "\xfe\xff";

/// Converts UTF-16 to UTF-8, so that offsets in the parsed document are offsets in the text; in
/// other encodings that XML knows a line break is one byte anyway.
std::string utf16_as_utf8(std::string_view text) {
  const bool is_little = text.starts_with(kLittleEndian);
  std::u16string letters;
  for (std::size_t k = 2; k + 1 < text.size(); k += 2) {
    const auto first = static_cast<std::uint8_t>(text[k]);
    const auto second = static_cast<std::uint8_t>(text[k + 1]);
    letters.push_back(
        static_cast<char16_t>(is_little ? first + 256 * second : 256 * first + second));
  }
  return boost::locale::conv::utf_to_utf<char>(letters);
}

/// Whether a document declares an encoding other than UTF-8 and ASCII, or begins with bytes that
/// are neither.
bool is_in_another_encoding(std::string_view text) {
  if (text.substr(0, 4).find('\0') != std::string_view::npos) return true;
  const std::string_view head =
      text.starts_with("<?xml") ? text.substr(0, text.find("?>")) : std::string_view();
  const std::size_t place = head.find("encoding");
  if (place == std::string_view::npos) return false;
  std::string name;
  for (const char letter : head.substr(place)) {
    name += 'a' <= letter && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return name.find("UTF-8") == std::string::npos && name.find("ASCII") == std::string::npos;
}

/// The text as UTF-8 if it is known to be UTF-8 or UTF-16, else unchanged.
std::string content_of(std::string_view text, const std::string& origin) {
  const bool is_utf16 = text.starts_with(kLittleEndian) || text.starts_with(kBigEndian);
  if (is_utf16) return utf16_as_utf8(text);
  if (is_in_another_encoding(text)) return std::string(text);
  return plain_text(text, origin, ExitCode::config);
}

/// The element's name without a namespace prefix.
std::string_view local_name(pugi::xml_node node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

/// An attribute, made fit for a message.
std::string quoted(pugi::xml_attribute attribute) {
  return "\"" + plain_name(attribute.value()) + "\"";
}

/// The keys of a document that hold names, of its nodes or of other elements.
std::set<std::string_view> name_keys(pugi::xml_node top) {
  std::set<std::string_view> keys;
  for (const pugi::xml_node key : top.children()) {
    const std::string_view name = key.attribute("attr.name").value();
    if (local_name(key) != "key") continue;
    if (name == "label" || name == "Label" || name == "name" || name == "Name") {
      keys.insert(key.attribute("id").value());
    }
  }
  return keys;
}

/// The name of a node: its label, or the one that yEd shows, or its id.
std::string name_of(pugi::xml_node node, const std::set<std::string_view>& keys) {
  std::string name;
  for (const pugi::xml_node data : node.children()) {
    if (local_name(data) != "data" || !name.empty()) continue;
    if (keys.contains(data.attribute("key").value())) name = plain_name(data.text().get());
    if (!name.empty()) continue;
    const pugi::xml_node label =
        data.find_node([](pugi::xml_node inner) { return local_name(inner) == "NodeLabel"; });
    name = plain_name(label.text().get());
  }
  return name.empty() ? plain_name(node.attribute("id").value()) : name;
}

using NodeIndices = std::map<std::string_view, std::size_t>;  // by id

NodeIndices read_nodes(pugi::xml_node graph, const std::set<std::string_view>& keys,
                       const Source& source, GraphDraft& draft) {
  NodeIndices index_of_id;
  std::vector<std::string> ids, names;
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
    if (!index_of_id.emplace(id.value(), ids.size()).second) {
      source.fail(node, "node " + quoted(id) + " appears twice");
    }
    ids.emplace_back(id.value());
    names.push_back(name_of(node, keys));
    if (ids.size() > kNodesMost) source.fail(node, "more than 1,000,000 nodes");
  }
  if (ids.empty()) source.fail(graph, "a graph without nodes");
  const std::vector<std::size_t> agents = agents_of(ids);
  for (auto& [id, index] : index_of_id) index = agents[index];
  draft.names.resize(names.size());
  for (std::size_t k = 0; k < names.size(); ++k) draft.names[agents[k]] = std::move(names[k]);
  return index_of_id;
}

void read_edges(pugi::xml_node graph, const NodeIndices& index_of_id, const Source& source,
                GraphDraft& draft) {
  const bool directed_by_default =
      std::string_view(graph.attribute("edgedefault").value()) == "directed";
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
    const bool is_directed = edge.attribute("directed").as_bool(directed_by_default);
    draft.edges.push_back({from, to, is_directed, source.line(edge)});
    if (draft.edges.size() > kEdgesMost) source.fail(edge, "more than 10,000,000 edges");
  }
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char letter : text) {
    if (letter == '&') {
      safe += "&amp;";
    } else if (letter == '<') {
      safe += "&lt;";
    } else {
      safe += letter;
    }
  }
  return safe;
}

}  // namespace

GraphDraft read_graphml(std::string_view text, const std::string& origin,
                        const std::string& wanted) {
  const bool is_utf16 = text.starts_with(kLittleEndian) || text.starts_with(kBigEndian);
  const std::string content = content_of(text, origin);
  const Source source(content, origin);
  pugi::xml_document document;
  const pugi::xml_parse_result parsed =
      document.load_buffer(content.data(), content.size(), pugi::parse_default,
                           is_utf16 ? pugi::encoding_utf8 : pugi::encoding_auto);
  if (!parsed) source.fail(parsed.offset, std::string("not valid XML: ") + parsed.description());
  const pugi::xml_node top = document.document_element();
  if (local_name(top) != "graphml") source.fail(top, "expected the element graphml at the top");
  std::vector<pugi::xml_node> graphs;
  for (const pugi::xml_node child : top.children()) {
    if (local_name(child) == "graph") graphs.push_back(child);
  }
  if (graphs.empty()) source.fail(top, "no graph in it");
  std::vector<std::string> names;
  for (const pugi::xml_node graph : graphs) {
    names.push_back(plain_name(graph.attribute("id").value()));
  }
  const std::size_t line = source.line(graphs[graphs.size() > 1 ? 1 : 0]);
  const pugi::xml_node graph = graphs[choose_graph(names, wanted, origin, line)];
  GraphDraft draft;
  const NodeIndices index_of_id = read_nodes(graph, name_keys(top), source, draft);
  read_edges(graph, index_of_id, source, draft);
  return draft;
}

std::string write_graphml(const Graph& graph, const std::vector<std::string>& names) {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
  if (!names.empty()) {
    text += "  <key id=\"label\" for=\"node\" attr.name=\"label\" attr.type=\"string\"/>\n";
  }
  text += "  <graph edgedefault=\"undirected\">\n";
  for (std::size_t node = 0; node < graph.node_count(); ++node) {
    text += "    <node id=\"" + std::to_string(node) + "\"";
    text += names.empty() ? "/>\n"
                          : "><data key=\"label\">" + escaped(names[node]) + "</data></node>\n";
  }
  for (const Link& link : graph.edges()) {
    text +=
        "    <edge source=\"" + to_string(link.a) + "\" target=\"" + to_string(link.b) + "\"/>\n";
  }
  return text + "  </graph>\n</graphml>\n";
}

}  // namespace tacit
