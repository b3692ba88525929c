#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <type_traits>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/base/read_file.h"
#include "common/base/whole_number.h"
#include "common/config/config_content.h"

namespace tacit {
namespace {

std::string bound_text(double bound) {
  if (std::abs(bound) <= static_cast<double>(kExactMost) && bound == std::floor(bound)) {
    return std::to_string(static_cast<std::int64_t>(bound));
  }
  return to_toml(bound);
}

/// "an integer" in a range: "an integer in [1, 9]".
std::string in_range(const std::string& what, Range range) {
  const bool below = std::isfinite(range.least);
  const bool above = std::isfinite(range.most);
  if (below && above) {
    return what + " in [" + bound_text(range.least) + ", " + bound_text(range.most) + "]";
  }
  if (below) return what + " >= " + bound_text(range.least);
  if (above) return what + " <= " + bound_text(range.most);
  return what;
}

/// The bounds of a range as integers: as doubles, 2^53 and 2^53 + 1 would be equal.
std::int64_t least_integer(Range range) {
  return range.least > -0x1p63 ? static_cast<std::int64_t>(std::ceil(range.least))
                               : std::numeric_limits<std::int64_t>::min();
}
std::int64_t most_integer(Range range) {
  return range.most < 0x1p63 ? static_cast<std::int64_t>(std::floor(range.most))
                             : std::numeric_limits<std::int64_t>::max();
}

/// The value that the file has instead, shortened for a message.
std::string shown(const toml::node& node) {
  if (const auto* value = node.as_string()) {
    constexpr std::size_t kLettersMost = 60;
    const std::string& text = value->get();
    return text.size() <= kLettersMost ? to_toml(std::string_view(text)) : "a long string";
  }
  if (const auto* value = node.as_integer()) return std::to_string(value->get());
  if (const auto* value = node.as_boolean()) return value->get() ? "true" : "false";
  if (const auto* value = node.as_floating_point()) {
    if (std::isnan(value->get())) return "nan";
    if (std::isinf(value->get())) return value->get() > 0 ? "inf" : "-inf";
    return to_toml(value->get());
  }
  if (node.is_table()) return "a table";
  if (node.is_array_of_tables()) return "an array of tables";
  return node.is_array() ? "an array" : "a date or time";
}

/// Converts nodes to values; every mismatch is an error at the node's place.
struct Converter {
  const ConfigDocument::Content& content;
  std::string path;

  [[noreturn]] void refuse(const toml::node& node, const std::string& expected) const {
    content.fail(path, &node, "expected " + expected + ", got " + shown(node));
  }

  Converter element(std::size_t index) const {
    return {content, path + "[" + std::to_string(index) + "]"};
  }

  double number(const toml::node& node, Range range) const {
    std::optional<double> value;
    if (const auto* real = node.as_floating_point()) value = real->get();
    if (const auto* whole = node.as_integer()) value = static_cast<double>(whole->get());
    if (!value || !std::isfinite(*value) || *value < range.least || *value > range.most) {
      refuse(node, in_range("a number", range));
    }
    return *value;
  }

  std::int64_t integer(const toml::node& node, Range range) const {
    const auto* whole = node.as_integer();
    if (!whole || whole->get() < least_integer(range) || whole->get() > most_integer(range)) {
      refuse(node, in_range("an integer", range));
    }
    return whole->get();
  }

  std::string text(const toml::node& node) const {
    const auto* value = node.as_string();
    if (!value) refuse(node, "a string");
    if (value->get().find('\0') != std::string::npos) {
      refuse(node, "a string without zero bytes");
    }
    return value->get();
  }

  const toml::array& array(const toml::node& node, const std::string& expected) const {
    const toml::array* values = node.as_array();
    if (!values) refuse(node, expected);
    return *values;
  }
};

/// Records that a key was read, and its value.
void note(ConfigDocument::Content& content, const std::string& table_path, std::string_view key,
          const toml::node* node, Reading reading) {
  TableRecord& table = content.tables.at(table_path);
  table.known_names.emplace(key);
  if (node) content.known_nodes.insert(node);
  const auto [place, is_new] = content.readings.try_emplace(join_path(table_path, key), reading);
  if (is_new) {
    table.keys.emplace_back(key);
    return;
  }
  TACIT_CHECK(place->second.signature == reading.signature,
              "a configuration key is read twice with another type or default");
  if (reading.relevance == Relevance::result) place->second.relevance = Relevance::result;
}

/// Reads one key: `convert` turns its node into the value.
template <typename Value, typename Convert>
Value read(ConfigDocument::Content& content, const std::string& table_path, std::string_view key,
           const char* type, const Value& fallback, Relevance relevance, Convert convert) {
  const auto written = [](const Value& value) {
    if constexpr (std::is_same_v<Value, double>) {
      if (!std::isfinite(value)) return std::string();
    }
    return to_toml(value);
  };
  const toml::node* node = content.find(table_path, key);
  const Converter converter{content, join_path(table_path, key)};
  const Value value = node ? convert(converter, *node) : fallback;
  note(content, table_path, key, node,
       {written(value), type + (" " + written(fallback)), relevance});
  return value;
}

}  // namespace

double ConfigView::number(std::string_view key, double fallback, Range range,
                          Relevance relevance) const {
  return read<double>(
      *content_, path_, key, "number", fallback, relevance,
      [&](const Converter& to, const auto& node) { return to.number(node, range); });
}

std::int64_t ConfigView::integer(std::string_view key, std::int64_t fallback, Range range,
                                 Relevance relevance) const {
  return read<std::int64_t>(
      *content_, path_, key, "integer", fallback, relevance,
      [&](const Converter& to, const auto& node) { return to.integer(node, range); });
}

bool ConfigView::flag(std::string_view key, bool fallback, Relevance relevance) const {
  return read<bool>(*content_, path_, key, "flag", fallback, relevance,
                    [&](const Converter& to, const toml::node& node) {
                      const auto* value = node.as_boolean();
                      if (!value) to.refuse(node, "true or false");
                      return value->get();
                    });
}

std::string ConfigView::text(std::string_view key, std::string_view fallback,
                             Relevance relevance) const {
  return read<std::string>(*content_, path_, key, "text", std::string(fallback), relevance,
                           [](const Converter& to, const auto& node) { return to.text(node); });
}

std::string ConfigView::choice(std::string_view key, std::string_view fallback,
                               const std::vector<std::string>& names, Relevance relevance) const {
  content_->choices.insert(join_path(path_, key));
  return read<std::string>(
      *content_, path_, key, "text", std::string(fallback), relevance,
      [&](const Converter& to, const toml::node& node) {
        const auto* value = node.as_string();
        const std::set<std::string> known(names.begin(), names.end());
        if (value && known.contains(value->get())) return value->get();
        std::string expected = "one of ";
        for (const std::string& name : names) expected += (&name == &names[0] ? "" : ", ") + name;
        const std::string nearest = value ? nearest_name(value->get(), known) : "";
        to.content.fail(to.path, &node,
                        "expected " + expected + ", got " + shown(node) +
                            (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
      });
}

std::vector<double> ConfigView::numbers(std::string_view key, const std::vector<double>& fallback,
                                        Range range) const {
  return read<std::vector<double>>(*content_, path_, key, "numbers", fallback, Relevance::result,
                                   [&](const Converter& to, const toml::node& node) {
                                     if (node.is_number()) {
                                       return std::vector{to.number(node, range)};
                                     }
                                     const toml::array& array =
                                         to.array(node, in_range("an array of numbers", range));
                                     std::vector<double> values;
                                     for (std::size_t k = 0; k < array.size(); ++k) {
                                       values.push_back(to.element(k).number(*array.get(k), range));
                                     }
                                     return values;
                                   });
}

std::vector<std::int64_t> ConfigView::integers(std::string_view key,
                                               const std::vector<std::int64_t>& fallback,
                                               Range range) const {
  return read<std::vector<std::int64_t>>(
      *content_, path_, key, "integers", fallback, Relevance::result,
      [&](const Converter& to, const toml::node& node) {
        if (node.is_integer()) return std::vector{to.integer(node, range)};
        const toml::array& array = to.array(node, in_range("an array of integers", range));
        std::vector<std::int64_t> values;
        for (std::size_t k = 0; k < array.size(); ++k) {
          values.push_back(to.element(k).integer(*array.get(k), range));
        }
        return values;
      });
}

std::vector<std::string> ConfigView::texts(std::string_view key,
                                           const std::vector<std::string>& fallback) const {
  return read<std::vector<std::string>>(*content_, path_, key, "texts", fallback, Relevance::result,
                                        [](const Converter& to, const toml::node& node) {
                                          if (node.is_string()) return std::vector{to.text(node)};
                                          const toml::array& array =
                                              to.array(node, "an array of strings");
                                          std::vector<std::string> values;
                                          for (std::size_t k = 0; k < array.size(); ++k) {
                                            values.push_back(to.element(k).text(*array.get(k)));
                                          }
                                          return values;
                                        });
}

std::vector<std::vector<std::int64_t>> ConfigView::integer_lists(std::string_view key) const {
  using Lists = std::vector<std::vector<std::int64_t>>;
  return read<Lists>(*content_, path_, key, "integer lists", {}, Relevance::result,
                     [](const Converter& to, const toml::node& node) {
                       const std::string expected = "an array of arrays of integers";
                       const toml::array& outer = to.array(node, expected);
                       Lists lists(outer.size());
                       for (std::size_t k = 0; k < outer.size(); ++k) {
                         const Converter at = to.element(k);
                         const toml::array& inner = at.array(*outer.get(k), "an array of integers");
                         for (std::size_t m = 0; m < inner.size(); ++m) {
                           lists[k].push_back(at.element(m).integer(*inner.get(m), {}));
                         }
                       }
                       return lists;
                     });
}

DataSource ConfigView::data_source(std::string_view key, std::size_t size_most) const {
  if (!has(key)) fail(key, "missing; expected the path of a file");
  const auto resolve = [&](const Converter& to, const toml::node& node) {
    std::filesystem::path path = to.text(node);
    if (path.empty()) to.refuse(node, "the path of a file");
    const bool is_override = !node.source().begin;
    if (path.is_relative() && !is_override) {
      path = std::filesystem::path(content_->origin).parent_path() / path;
    }
    return std::filesystem::absolute(path).lexically_normal().string();
  };
  const std::filesystem::path path =
      read<std::string>(*content_, path_, key, "file", "", Relevance::operational, resolve);
  DataSource source(content_, path_, std::string(key), size_most);
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(path, ignored);
  source.folder_ = is_folder ? path : path.parent_path();
  source.file_name_ = is_folder ? "" : path.filename();
  return source;
}

DataFile ConfigView::data_file(std::string_view key, std::size_t size_most) const {
  DataSource source = data_source(key, size_most);
  return {(std::filesystem::path(source.folder()) / source.file_name()).string(),
          source.read(source.file_name())};
}

std::string DataSource::read(const std::string& name) {
  const std::string path = join_path(table_path_, key_);
  std::string text;
  try {
    text = read_text(std::filesystem::path(folder_) / name, size_most_);
  } catch (const InputError& error) {
    const toml::node* node = content_->find(table_path_, key_);
    throw InputError(error.code(), content_->place(path, node->source().begin) + ": " + path +
                                       ": " + error.what());
  }
  digests_ += to_hex(hash_text(text));
  content_->digests[path] = hash_text(digests_);
  return text;
}

bool ConfigView::has(std::string_view key) const {
  content_->tables.at(path_).known_names.emplace(key);
  return content_->find(path_, key) != nullptr;
}

void ConfigView::leave_unread(std::string_view key, const std::string& why) const {
  content_->reasons_to_ignore[join_path(path_, key)] = why;
}

ConfigView ConfigView::table(std::string_view key) const {
  const std::string path = join_path(path_, key);
  const toml::node* node = content_->find(path_, key);
  if (node && !node->is_table()) {
    Converter{*content_, path}.refuse(*node, "a table [" + path + "]");
  }
  content_->open_table(path_, key, path, node ? node->as_table() : nullptr, false);
  return ConfigView(content_, path);
}

std::vector<ConfigView> ConfigView::tables(std::string_view key) const {
  const std::string path = join_path(path_, key);
  content_->tables.at(path_).known_names.emplace(key);
  const toml::node* node = content_->find(path_, key);
  std::vector<ConfigView> entries;
  if (!node) return entries;
  const toml::array* array = node->as_array();
  if (!array || !(array->empty() || array->is_array_of_tables())) {
    Converter{*content_, path}.refuse(*node, "an array of tables [[" + path + "]]");
  }
  content_->known_nodes.insert(node);
  for (std::size_t k = 0; k < array->size(); ++k) {
    const std::string entry_path = path + "[" + std::to_string(k) + "]";
    content_->open_table(path_, key, entry_path, array->get(k)->as_table(), true);
    entries.push_back(ConfigView(content_, entry_path));
  }
  return entries;
}

void ConfigView::fail(std::string_view key, const std::string& message) const {
  const toml::node* node = key.empty() ? nullptr : content_->find(path_, key);
  if (!node) node = content_->tables.at(path_).node;
  content_->fail(key.empty() ? path_ : join_path(path_, key), node, message);
}

}  // namespace tacit
