#pragma once

#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace tacit {

using Json = nlohmann::ordered_json;

/// Parses a JSON file that a program of tacit wrote.
/// @throws InputError: unreadable_input; bad_data naming the file and the place.
Json read_json(const std::filesystem::path& file);

/// Two-space indented text with a line break at the end; invalid UTF-8 (an argument of the command
/// line may hold any bytes) is replaced, NaN and infinities become null.
std::string json_text(const Json& json);

/// A double of result.json; NaN and infinities become "nan", "inf" and "-inf", so that they
/// survive.
Json exact_number(double value);

/// Reads a number, null (NaN) or a result of exact_number.
/// @throws nlohmann::json::exception on anything else
double number_of(const Json& json);

/// @throws InputError (bad_data) naming the file
[[noreturn]] void fail_json(const std::filesystem::path& file, const std::string& what);

/// Reads a file with `read`; a JSON exception becomes an InputError (bad_data).
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
