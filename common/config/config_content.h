#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"

namespace tacit {

/// The keys of one table that were read so far.
struct TableRecord {
  const toml::table* node = nullptr;  ///< nothing if the file has no such table
  bool is_entry = false;              ///< of an array of tables
  std::vector<std::string> keys;      ///< keys in the order of their first reading
  std::vector<std::string> children;  ///< paths of the tables below it, in the same order
  std::set<std::string> known_names;  ///< all keys and tables that code has looked up
};

/// The value of one key that was read, or its default.
struct Reading {
  std::string value;      ///< in TOML syntax; empty: a default that stands for "absent"
  std::string signature;  ///< type and default
  Relevance relevance;
};

struct Override {
  std::string path;  ///< "run.seed"
  std::string text;  ///< "run.seed=3"
};

struct ConfigDocument::Content {
  std::string origin;
  toml::table root;
  std::vector<Override> overrides;
  std::map<std::string, TableRecord> tables;     ///< by path
  std::map<std::string, Reading> readings;       ///< by path of table and key
  std::map<std::string, std::uint64_t> digests;  ///< of data files, by path of table and key
  std::set<const toml::node*> known_nodes;
  std::set<const toml::node*> left_out;                  ///< useless with these overrides
  std::map<std::string, std::string> reasons_to_ignore;  ///< by path of table and key
  std::set<std::string> choices;                         ///< paths of keys that choose among names

  const toml::node* find(const std::string& table_path, std::string_view key) const;
  TableRecord& open_table(const std::string& parent, std::string_view name, const std::string& path,
                          const toml::table* node, bool is_entry);

  /// The overrides that choose among names in this table or a table around it; all overrides if
  /// none does.
  std::string chosen_by(const std::string& table_path) const;

  /// The origin of a key: the override, else "file:line:column", else the file.
  std::string place(const std::string& path, const toml::source_position& position) const;
  [[noreturn]] void fail(const std::string& path, const toml::node* node,
                         const std::string& message) const;
};

/// "table.key"; the key itself in the root.
std::string join_path(const std::string& table_path, std::string_view key);

/// @throws InputError if brackets or dotted keys are nested so deeply that a recursive reader could
/// overflow its stack.
void refuse_deep_nesting(std::string_view text, const std::string& origin);

/// Sets one "table.key=value" in the document.
void apply_override(ConfigDocument::Content& content, const std::string& text);

/// The value in TOML syntax; reading the text gives the same value bit by bit.
std::string to_toml(double value);
std::string to_toml(std::int64_t value);
std::string to_toml(bool value);
std::string to_toml(std::string_view value);
template <typename T>
std::string to_toml(const std::vector<T>& values) {
  std::string text = "[";
  for (const T& value : values) text += (text.size() > 1 ? ", " : "") + to_toml(value);
  return text + "]";
}

}  // namespace tacit
