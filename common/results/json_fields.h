#pragma once

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace tacit {

using Json = nlohmann::ordered_json;

/// Parses a file of ours.
/// @throws InputError: unreadable_input; bad_data naming the file and the place.
Json read_json(const std::filesystem::path& file);

/// Two-space indented text with a line break at the end; invalid UTF-8 (an argument of the command
/// line may hold any bytes) is replaced, NaN and infinities become null.
std::string json_text(const Json& json);

/// Doubles of result.json, where NaN and infinities must survive: as "nan", "inf" and "-inf".
Json exact_number(double value);

/// Accepts a number, null (NaN) and what exact_number gives.
/// @throws nlohmann::json::exception on anything else
double number_of(const Json& json);

/// Runs a reader of `json` and turns what the library throws into an InputError (bad_data).
[[noreturn]] void fail_json(const std::filesystem::path& file, const std::string& what);

template <typename Read>
auto read_fields(const std::filesystem::path& file, Read read) {
  const Json json = read_json(file);
  try {
    return read(json);
  } catch (const nlohmann::json::exception& error) {
    fail_json(file, error.what());
  }
}

}  // namespace tacit
