#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "agent/systems/grid/citylearn_folder.h"

namespace tacit::grid {

/// A value of a schema.json with its place, for messages. The document must outlive it.
struct SchemaNode {
  const nlohmann::json* json;
  std::string place;  ///< "schema.json: buildings.Building_1"

  explicit operator bool() const { return json != nullptr; }
  /// @throws InputError (bad_data) at this place
  [[noreturn]] void refuse(const std::string& message) const;

  /// An empty node if the key is absent or null.
  SchemaNode member(const std::string& key) const;
  /// The first of `keys` that is present, since the keys changed between releases; if none is, an
  /// empty node named after the first.
  SchemaNode first_of(const std::vector<std::string>& keys) const;

  /// @throws InputError (bad_data) if it is no object
  SchemaNode object() const;
  double number(double least, double most) const;
  std::size_t whole(std::size_t least, std::size_t most) const;
  /// The name of a file in the schema's own folder or below it.
  std::string file_name() const;
};

/// A file named by a schema, with its content.
struct NamedFile {
  /// @param schema_path  for messages
  NamedFile(const SchemaNode& node, const std::string& schema_path, const ReadFile& read_file);
  std::string path;  ///< for messages
  std::string text;
};

}  // namespace tacit::grid
