#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "common/base/whole_number.h"

namespace tacit {

struct WholeRange {
  std::int64_t least;
  std::int64_t most;
};

/// "a whole number in 1..1024", for help and messages.
std::string in_words(const WholeRange& range);

/// @throws CLI::ValidationError naming the option, the range and the text
std::int64_t parse_whole(const std::string& option, const std::string& text,
                         const WholeRange& range);

/// An option for a whole number in decimal digits. (CLI11's own conversion reads 010 as 8, empty
/// text as the default, and -1 as 2^64 - 1.)
/// @param value  of an integer type that holds the range, or std::optional of one; unchanged unless
///               the option is given
template <typename Value>
CLI::Option* add_number(CLI::App& app, const std::string& name, Value& value, WholeRange range,
                        const std::string& description) {
  const auto take = [&value, name, range](const std::string& text) {
    const std::int64_t number = parse_whole(name, text, range);
    if constexpr (requires { value.value(); }) {
      value = static_cast<typename Value::value_type>(number);
    } else {
      value = static_cast<Value>(number);
    }
  };
  CLI::Option* option = app.add_option_function<std::string>(name, take, description);
  option->type_name(std::to_string(range.least) + ".." + std::to_string(range.most));
  if constexpr (!requires { value.value(); }) option->default_str(std::to_string(value));
  return option;
}

/// Adds --supervisor and --status-descriptor, which programs of tacit pass to their children.
void add_child_options(CLI::App& app, int& supervisor, int& status_descriptor);

}  // namespace tacit
