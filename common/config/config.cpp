#include "common/config/config.h"

#include <algorithm>
#include <optional>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/read_file.h"
#include "common/config/config_content.h"

namespace tacit {
namespace {

/// Bytes: enough for an edge list of 100,000 links; larger data belongs into a file of its own.
constexpr std::size_t kSizeMost = 4 << 20;

toml::table parse_toml(std::string_view text, const std::string& origin) {
  if (text.size() > kSizeMost) {
    throw InputError(ExitCode::config, origin + ": longer than 4 MiB; move data to its own file");
  }
  refuse_deep_nesting(text, origin);
  try {
    return toml::parse(text, origin);
  } catch (const toml::parse_error& error) {
    const toml::source_position at = error.source().begin;
    throw InputError(ExitCode::config, origin + ":" + std::to_string(at.line) + ":" +
                                           std::to_string(at.column) +
                                           ": not valid TOML: " + std::string(error.description()));
  }
}

/// A key or table of the file that was never looked up.
struct Unknown {
  std::string table_path;
  std::string name;
  toml::source_position position;
  bool is_table;
  const toml::node* node;
};

void collect_unknown(const ConfigDocument::Content& content, const toml::table& table,
                     const std::string& path, std::vector<Unknown>& unknown) {
  for (const auto& [key, node] : table) {
    const std::string child_path = join_path(path, key.str());
    if (content.left_out.contains(&node)) continue;
    if (!content.known_nodes.contains(&node)) {
      const bool is_table = node.is_table() || node.is_array_of_tables();
      unknown.push_back({path, std::string(key.str()), key.source().begin, is_table, &node});
    } else if (const toml::table* child = node.as_table()) {
      collect_unknown(content, *child, child_path, unknown);
    } else if (const toml::array* array = node.as_array()) {
      for (std::size_t k = 0; k < array->size(); ++k) {
        const toml::table* entry = array->get(k)->as_table();
        const std::string entry_path = child_path + "[" + std::to_string(k) + "]";
        if (entry) collect_unknown(content, *entry, entry_path, unknown);
      }
    }
  }
}

/// The known key that an unknown one may stand for, or else all known keys.
std::string remedy(const ConfigDocument::Content& content, const Unknown& unknown) {
  const std::set<std::string>& names = content.tables.at(unknown.table_path).known_names;
  const std::string nearest = nearest_name(unknown.name, names);
  if (!nearest.empty()) return "did you mean " + join_path(unknown.table_path, nearest) + "?";
  for (const auto& [path, table] : content.tables) {
    if (table.known_names.contains(unknown.name)) {
      return "did you mean " + join_path(path, unknown.name) + "?";
    }
  }
  if (names.empty()) return "nothing is read from this table; remove it";
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return "known here: " + all;
}

}  // namespace

std::string join_path(const std::string& table_path, std::string_view key) {
  return table_path.empty() ? std::string(key) : table_path + "." + std::string(key);
}

ConfigDocument::ConfigDocument(std::unique_ptr<Content> content) : content_(std::move(content)) {}
ConfigDocument::~ConfigDocument() = default;
ConfigDocument::ConfigDocument(ConfigDocument&&) noexcept = default;
ConfigDocument& ConfigDocument::operator=(ConfigDocument&&) noexcept = default;

ConfigDocument ConfigDocument::load(const std::string& path,
                                    const std::vector<std::string>& overrides) {
  return parse(read_text(path, kSizeMost), path, overrides);
}

ConfigDocument ConfigDocument::parse(std::string_view text, const std::string& origin,
                                     const std::vector<std::string>& overrides) {
  auto content = std::make_unique<Content>();
  content->origin = origin;
  content->root = parse_toml(text, origin);
  for (const std::string& item : overrides) apply_override(*content, item);
  content->tables[""].node = &content->root;
  return ConfigDocument(std::move(content));
}

ConfigView ConfigDocument::root() const { return ConfigView(content_.get(), ""); }

void ConfigDocument::reject_unknown_keys() const {
  std::vector<Unknown> unknown;
  collect_unknown(*content_, content_->root, "", unknown);
  if (unknown.empty()) return;
  // Overrides have no position, so they come first: the user typed them last.
  const Unknown& first =
      *std::min_element(unknown.begin(), unknown.end(),
                        [](const Unknown& a, const Unknown& b) { return a.position < b.position; });
  const std::string path = join_path(first.table_path, first.name);
  const auto reason = content_->reasons_to_ignore.find(path);
  throw InputError(ExitCode::config,
                   content_->place(path, first.position) + ": " + path + ": " +
                       (reason != content_->reasons_to_ignore.end()
                            ? reason->second
                            : std::string("unknown ") + (first.is_table ? "table" : "key") + "; " +
                                  remedy(*content_, first)));
}

bool ConfigDocument::is_read() const {
  std::vector<Unknown> unknown;
  collect_unknown(*content_, content_->root, "", unknown);
  return unknown.empty();
}

std::vector<std::string> ConfigDocument::leave_out_useless(const ConfigDocument& as_written) {
  const Content& before = *as_written.content_;
  std::vector<Unknown> unknown;
  collect_unknown(*content_, content_->root, "", unknown);
  std::vector<std::string> sentences;
  for (const Unknown& one : unknown) {
    const std::string path = join_path(one.table_path, one.name);
    const bool was_typed = std::ranges::any_of(content_->overrides, [&](const Override& item) {
      return (item.path + '.').starts_with(path + '.');
    });
    if (was_typed || !before.tables.contains(one.table_path)) continue;
    if (!before.known_nodes.contains(before.find(one.table_path, one.name))) continue;
    content_->left_out.insert(one.node);
    sentences.push_back(content_->place(path, one.position) + ": " + path +
                        " is left out: nothing reads it with " +
                        content_->chosen_by(one.table_path));
  }
  return sentences;
}

std::string ConfigDocument::effective() const {
  std::string text;
  const auto write = [&](const auto& self, const std::string& path) -> void {
    const TableRecord& table = content_->tables.at(path);
    std::string lines;
    for (const std::string& key : table.keys) {
      const std::string& value = content_->readings.at(join_path(path, key)).value;
      if (!value.empty()) lines += key + " = " + value + "\n";
    }
    // An empty table of the file is kept, because its presence can have a meaning.
    if (!path.empty() && (!lines.empty() || table.is_entry || table.node)) {
      const std::string name = path.ends_with(']') ? path.substr(0, path.rfind('[')) : path;
      std::string header;  // without the indices of the entries above it
      for (std::size_t k = 0, depth = 0; k < name.size(); ++k) {
        depth += name[k] == '[';
        if (depth == 0) header += name[k];
        depth -= name[k] == ']';
      }
      if (!text.empty()) text += "\n";
      text += table.is_entry ? "[[" + header + "]]\n" : "[" + header + "]\n";
    }
    text += lines;
    for (const std::string& child : table.children) self(self, child);
  };
  write(write, "");
  return text;
}

std::uint64_t ConfigDocument::hash() const {
  // By path, not in reading order: two programs may read the same keys in different orders.
  std::string text;
  for (const auto& [path, table] : content_->tables) {
    if (table.is_entry) text += "[" + path + "]\n";
  }
  for (const auto& [path, reading] : content_->readings) {
    if (reading.relevance == Relevance::result) text += path + " = " + reading.value + "\n";
  }
  for (const auto& [path, digest] : content_->digests) text += path + ": " + to_hex(digest) + "\n";
  return hash_text(text);
}

}  // namespace tacit
