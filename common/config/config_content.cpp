#include "common/config/config_content.h"

#include <algorithm>
#include <filesystem>

#include "common/base/error.h"

namespace tacit {
namespace {

/// Far above the depth that experiments need, far below the one that exhausts a stack.
constexpr int kBracketDepthMost = 32;
constexpr int kDottedPartsMost = 32;

/// Walks over the characters of a document that are outside strings and comments.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool at_end() const { return next_ >= text_.size(); }
  std::size_t position() const { return next_; }

  /// The next character that is not part of a string or comment; '"' stands for a whole string.
  char take() {
    const char letter = text_[next_];
    if (letter == '#') {
      next_ = std::min(text_.find('\n', next_), text_.size());
    } else if (letter == '"' || letter == '\'') {
      skip_string(letter);
    } else {
      ++next_;
    }
    return letter;
  }

 private:
  void skip_string(char quote) {
    const bool is_long = text_.substr(next_, 3) == std::string(3, quote);
    next_ += is_long ? 3 : 1;
    while (!at_end()) {
      const char letter = text_[next_];
      if (letter == '\\' && quote == '"') {
        next_ += 2;
      } else if (letter == '\n' && !is_long) {
        return;
      } else if (letter == quote && (!is_long || text_.substr(next_, 3) == std::string(3, quote))) {
        next_ += is_long ? 3 : 1;
        // A long string may end in up to two quotes of its own.
        while (is_long && !at_end() && text_[next_] == quote) ++next_;
        return;
      } else {
        ++next_;
      }
    }
  }

  std::string_view text_;
  std::size_t next_ = 0;
};

bool is_bare_key(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

bool is_bare_word(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return is_bare_key(std::string_view(&c, 1)) ||
           std::string_view("./:@%+~").find(c) != std::string_view::npos;
  });
}

[[noreturn]] void refuse_override(const std::string& text, const std::string& why) {
  throw InputError(ExitCode::config, "-s " + text + ": " + why);
}

/// @return a table with the one key "value"
toml::table parse_value(const std::string& text, std::string_view value) {
  refuse_deep_nesting(value, "-s " + text);
  std::string why = "the value has several lines";
  if (value.find('\n') == std::string_view::npos) {
    try {
      return toml::parse("value = " + std::string(value));
    } catch (const toml::parse_error& error) {
      why = error.description();
    }
  }
  if (is_bare_word(value)) return toml::table{{"value", std::string(value)}};
  refuse_override(text, "not a value in TOML syntax (" + why + "); quote strings");
}

}  // namespace

void refuse_deep_nesting(std::string_view text, const std::string& origin) {
  Scanner scanner(text);
  int bracket_depth = 0;
  int dotted_parts = 1;
  while (!scanner.at_end()) {
    const std::size_t at = scanner.position();
    const char letter = scanner.take();
    if (letter == '.') {
      ++dotted_parts;
    } else if (std::string_view("[]{}=,\n").find(letter) != std::string_view::npos) {
      dotted_parts = 1;
    }
    if (letter == '[' || letter == '{') ++bracket_depth;
    if ((letter == ']' || letter == '}') && bracket_depth > 0) --bracket_depth;
    if (bracket_depth > kBracketDepthMost || dotted_parts > kDottedPartsMost) {
      const std::string_view before = text.substr(0, at);
      const auto line = 1 + std::count(before.begin(), before.end(), '\n');
      throw InputError(ExitCode::config,
                       origin + ":" + std::to_string(line) + ":" +
                           std::to_string(at - (before.rfind('\n') + 1) + 1) +
                           ": nested too deep; at most 32 brackets and 32 parts of a dotted key");
    }
  }
}

void apply_override(ConfigDocument::Content& content, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) refuse_override(text, "expected table.key=value");
  const std::string path = text.substr(0, equals);
  refuse_deep_nesting(path, "-s " + text);
  toml::table* table = &content.root;
  std::size_t begin = 0;
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', begin)) {
    const std::string part = path.substr(begin, dot - begin);
    if (!is_bare_key(part)) refuse_override(text, "expected table.key=value");
    toml::table* child = table->insert(part, toml::table{}).first->second.as_table();
    if (!child) refuse_override(text, path.substr(0, dot) + " is not a table");
    table = child;
    begin = dot + 1;
  }
  const std::string key = path.substr(begin);
  if (!is_bare_key(key)) refuse_override(text, "expected table.key=value");
  toml::table parsed = parse_value(text, std::string_view(text).substr(equals + 1));
  parsed.get("value")->visit([&](auto& value) {
    // A fresh node: it must not keep its line and column in the document that was made of the
    // override.
    auto copy = value;
    table->insert_or_assign(key, std::move(copy));
  });
  content.overrides.push_back({path, text});
}

const toml::node* ConfigDocument::Content::find(const std::string& table_path,
                                                std::string_view key) const {
  const toml::table* table = tables.at(table_path).node;
  return table ? table->get(key) : nullptr;
}

TableRecord& ConfigDocument::Content::open_table(const std::string& parent, std::string_view name,
                                                 const std::string& path, const toml::table* node,
                                                 bool is_entry) {
  tables.at(parent).known_names.emplace(name);
  const auto [place_of, is_new] = tables.try_emplace(path);
  if (is_new) {
    place_of->second.node = node;
    place_of->second.is_entry = is_entry;
    tables.at(parent).children.push_back(path);
    if (node) known_nodes.insert(node);
  }
  return place_of->second;
}

std::string ConfigDocument::Content::chosen_by(const std::string& table_path) const {
  std::string chosen;
  std::string all;
  for (const Override& item : overrides) {
    const std::size_t dot = item.path.rfind('.');
    const std::string table = dot == std::string::npos ? "" : item.path.substr(0, dot);
    const bool is_around = table.empty() || (table_path + '.').starts_with(table + '.');
    all += (all.empty() ? "-s " : " -s ") + item.text;
    if (is_around && choices.contains(item.path)) {
      chosen += (chosen.empty() ? "-s " : " -s ") + item.text;
    }
  }
  return chosen.empty() ? all : chosen;
}

std::string ConfigDocument::Content::place(const std::string& path,
                                           const toml::source_position& position) const {
  // The last override wins, in the document as here.
  for (auto item = overrides.rbegin(); item != overrides.rend(); ++item) {
    const auto covers = [](const std::string& outer, const std::string& inner) {
      return inner.starts_with(outer) && (inner.size() == outer.size() ||
                                          inner[outer.size()] == '.' || inner[outer.size()] == '[');
    };
    if (covers(item->path, path) || (!position && covers(path, item->path))) {
      return "-s " + item->text;
    }
  }
  if (!position) return origin;
  return origin + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

void ConfigDocument::Content::fail(const std::string& path, const toml::node* node,
                                   const std::string& message) const {
  const toml::source_position position = node ? node->source().begin : toml::source_position{};
  throw InputError(ExitCode::config, place(path, position) + ": " + path + ": " + message);
}

std::string nearest_name(std::string_view typed, const std::set<std::string>& names) {
  std::string nearest;
  std::size_t least = std::max<std::size_t>(2, std::min<std::size_t>(typed.size(), 60) / 3) + 1;
  for (const std::string& name : names) {
    if (typed.size() > name.size() + least || name.size() > typed.size() + least) continue;
    // Levenshtein distance, a row at a time; a swap of neighbours counts as two.
    std::vector<std::size_t> row(name.size() + 1);
    for (std::size_t k = 0; k < row.size(); ++k) row[k] = k;
    for (std::size_t i = 1; i <= typed.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t k = 1; k <= name.size(); ++k) {
        const std::size_t replaced = diagonal + (typed[i - 1] != name[k - 1]);
        diagonal = row[k];
        row[k] = std::min({replaced, row[k] + 1, row[k - 1] + 1});
      }
    }
    // No name of two letters is "near" another one of two letters.
    if (row.back() < least && row.back() < name.size()) {
      least = row.back();
      nearest = name;
    }
  }
  return nearest;
}

}  // namespace tacit
