#include "common/graph/gml.h"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "common/base/plain_text.h"

namespace tacit {
namespace {

constexpr std::size_t kDepthMost = 32;

struct Token {
  std::string_view text;  ///< a string is without its quotes
  std::size_t line;
  bool is_string = false;

  bool is(std::string_view word) const { return !is_string && text == word; }
};

class Tokens {
 public:
  Tokens(std::string_view text, const std::string& origin) : rest_(text), origin_(origin) {}

  std::size_t line() const { return line_; }
  [[noreturn]] void fail(std::size_t line, const std::string& message) const {
    refuse_graph(origin_, line, message);
  }

  /// Nothing at the end.
  std::optional<Token> next() {
    skip();
    if (rest_.empty()) return std::nullopt;
    const std::size_t line = line_;
    if (rest_.front() == '"') {
      const std::size_t end = rest_.find('"', 1);
      if (end == std::string_view::npos) fail(line, "a string that does not end");
      const std::string_view text = take(end + 1);
      return Token{text.substr(1, text.size() - 2), line, true};
    }
    const bool is_bracket = rest_.front() == '[' || rest_.front() == ']';
    const std::size_t end = std::min(rest_.find_first_of(" \t\r\n[]\""), rest_.size());
    return Token{take(is_bracket ? 1 : end), line};
  }

 private:
  std::string_view take(std::size_t count) {
    const std::string_view taken = rest_.substr(0, count);
    line_ += static_cast<std::size_t>(std::ranges::count(taken, '\n'));
    rest_.remove_prefix(count);
    return taken;
  }
  /// Skips blanks, and lines that begin with #.
  void skip() {
    while (!rest_.empty()) {
      const std::size_t blanks = std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size());
      take(blanks);
      if (!rest_.starts_with('#')) return;
      take(std::min(rest_.find('\n'), rest_.size()));
    }
  }

  std::string_view rest_;
  std::string origin_;
  std::size_t line_ = 1;
};

/// `node [ ... ]` or `edge [ ... ]`: the plain values in it, by key.
struct Entry {
  std::size_t line = 0;
  std::map<std::string_view, std::string_view> values;

  std::optional<std::string_view> value(std::string_view key) const {
    const auto found = values.find(key);
    if (found == values.end()) return std::nullopt;
    return found->second;
  }
};

/// `graph [ ... ]`.
struct ReadGraph {
  std::size_t line = 0;
  std::string name = {};
  bool is_directed = false;
  std::vector<Entry> nodes = {};
  std::vector<Entry> edges = {};
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& origin)
      : tokens_(text, origin), origin_(origin) {}

  GraphDraft read(const std::string& wanted) {
    std::vector<ReadGraph> graphs;
    std::vector<std::string> names;
    while (const std::optional<Token> key = tokens_.next()) {
      const Token value = value_of(*key);
      if (!key->is("graph")) {
        skip(value, 1);
        continue;
      }
      require_list(*key, value);
      graphs.push_back(read_graph(key->line));
      names.push_back(graphs.back().name);
    }
    if (graphs.empty()) tokens_.fail(1, "no graph in it: expected graph [ ... ]");
    const std::size_t line = graphs[graphs.size() > 1 ? 1 : 0].line;
    return draft_of(graphs[choose_graph(names, wanted, origin_, line)]);
  }

 private:
  Token value_of(const Token& key) {
    if (key.is_string || key.is("[") || key.is("]")) {
      tokens_.fail(key.line, "expected a key, got \"" + plain_name(key.text) + "\"");
    }
    const std::optional<Token> value = tokens_.next();
    if (!value || value->is("]")) {
      tokens_.fail(key.line, "\"" + plain_name(key.text) + "\" has no value");
    }
    return *value;
  }

  void require_list(const Token& key, const Token& value) const {
    if (!value.is("[")) tokens_.fail(key.line, std::string(key.text) + ": expected [ ... ]");
  }

  /// Skips a value, a list with all its content.
  void skip(const Token& value, std::size_t depth) {
    if (!value.is("[")) return;
    if (depth > kDepthMost) tokens_.fail(value.line, "lists are nested too deeply");
    while (const std::optional<Token> key = next_key(value.line)) skip(value_of(*key), depth + 1);
  }

  /// The next key of a list, or nothing at its end.
  std::optional<Token> next_key(std::size_t list_line) {
    const std::optional<Token> key = tokens_.next();
    if (!key) tokens_.fail(list_line, "a list that does not end: ] is missing");
    if (key->is("]")) return std::nullopt;
    return key;
  }

  ReadGraph read_graph(std::size_t line) {
    ReadGraph graph{line};
    while (const std::optional<Token> key = next_key(line)) {
      const Token value = value_of(*key);
      const bool is_node = key->is("node");
      if (is_node || key->is("edge")) {
        require_list(*key, value);
        std::vector<Entry>& entries = is_node ? graph.nodes : graph.edges;
        entries.push_back(read_entry(key->line));
        if (entries.size() > (is_node ? kNodesMost : kEdgesMost)) {
          tokens_.fail(key->line,
                       is_node ? "more than 1,000,000 nodes" : "more than 10,000,000 edges");
        }
        continue;
      }
      if (key->is("directed")) graph.is_directed = value.text == "1";
      const bool is_label = key->is("label") || (key->is("name") && graph.name.empty());
      if (is_label && !value.is("[")) graph.name = plain_name(value.text);
      skip(value, 2);
    }
    return graph;
  }

  Entry read_entry(std::size_t line) {
    Entry entry{line, {}};
    while (const std::optional<Token> key = next_key(line)) {
      const Token value = value_of(*key);
      if (value.is("[")) {
        skip(value, 3);
      } else {
        entry.values.emplace(key->text, value.text);
      }
    }
    return entry;
  }

  GraphDraft draft_of(const ReadGraph& graph) const {
    if (graph.nodes.empty()) tokens_.fail(graph.line, "a graph without nodes");
    std::map<std::string_view, std::size_t> index_of_id;
    std::vector<std::string> ids;
    for (const Entry& node : graph.nodes) {
      const auto id = node.value("id");
      if (!id) tokens_.fail(node.line, "a node without an id");
      if (!index_of_id.emplace(*id, ids.size()).second) {
        tokens_.fail(node.line, "node " + plain_name(*id) + " appears twice");
      }
      ids.emplace_back(*id);
    }
    const std::vector<std::size_t> agents = agents_of(ids);
    GraphDraft draft;
    draft.names.resize(ids.size());
    for (std::size_t k = 0; k < ids.size(); ++k) {
      const std::string_view label =
          graph.nodes[k].value("label").value_or(graph.nodes[k].value("name").value_or(""));
      const std::string name = plain_name(label);
      draft.names[agents[k]] = name.empty() ? plain_name(ids[k]) : name;
    }
    for (const Entry& edge : graph.edges) {
      const auto end = [&](std::string_view key) {
        const auto id = edge.value(key);
        if (!id) tokens_.fail(edge.line, "an edge without a " + std::string(key));
        const auto found = index_of_id.find(*id);
        if (found == index_of_id.end()) {
          tokens_.fail(edge.line, "no node has the id " + plain_name(*id));
        }
        return agents[found->second];
      };
      const std::size_t from = end("source");
      draft.edges.push_back({from, end("target"), graph.is_directed, edge.line});
    }
    return draft;
  }

  Tokens tokens_;
  std::string origin_;
};

}  // namespace

GraphDraft read_gml(std::string_view text, const std::string& origin, const std::string& wanted) {
  const std::string plain = plain_text(text, origin, ExitCode::config);
  return Reader(plain, origin).read(wanted);
}

}  // namespace tacit
