#include "agent/systems/grid/schema_node.h"

#include <cstdint>

#include "common/base/error.h"

namespace tacit::grid {

void SchemaNode::refuse(const std::string& message) const {
  throw InputError(ExitCode::bad_data, place + ": " + message);
}

SchemaNode SchemaNode::member(const std::string& key) const {
  const auto found = json->is_object() ? json->find(key) : json->end();
  const bool is_there = json->is_object() && found != json->end() && !found->is_null();
  return {is_there ? &*found : nullptr, place + (place.ends_with(": ") ? "" : ".") + key};
}

SchemaNode SchemaNode::first_of(const std::vector<std::string>& keys) const {
  for (const std::string& key : keys) {
    if (const SchemaNode found = member(key)) return found;
  }
  return member(keys.front());
}

SchemaNode SchemaNode::object() const {
  if (!json || !json->is_object()) refuse("expected an object {...}");
  return *this;
}

double SchemaNode::number(double least, double most) const {
  const bool is_number = json && json->is_number();
  const double value = is_number ? json->get<double>() : 0.0;
  if (is_number && least <= value && value <= most) return value;
  refuse(std::string(json ? "" : "is missing; ") + "expected a number from " +
         nlohmann::json(least).dump() + " to " + nlohmann::json(most).dump());
}

std::size_t SchemaNode::whole(std::size_t least, std::size_t most) const {
  const bool is_whole = json && json->is_number_unsigned();
  const auto value = is_whole ? json->get<std::uint64_t>() : 0;
  if (is_whole && least <= value && value <= most) return value;
  refuse(std::string(json ? "" : "is missing; ") + "expected a whole number from " +
         std::to_string(least) + " to " + std::to_string(most) +
         (json && json->is_number() ? ", got " + json->dump() : ""));
}

std::string SchemaNode::file_name() const {
  const bool is_text = json && json->is_string();
  const std::string name = is_text ? json->get<std::string>() : "";
  const bool is_inside = !name.starts_with('/') && name.find("..") == std::string::npos &&
                         name.find('\0') == std::string::npos;
  if (name.empty() || !is_inside) {
    refuse("expected the name of a CSV file in the folder of the schema");
  }
  return name;
}

NamedFile::NamedFile(const SchemaNode& node, const std::string& schema_path,
                     const ReadFile& read_file)
    : path(schema_path.substr(0, schema_path.rfind('/') + 1) + node.file_name()),
      text(read_file(node.file_name())) {}

}  // namespace tacit::grid
