#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace tacit {

/// Appends a double in the shortest form that reads back as the same bits ("nan", "inf" included).
void append_number(std::string& text, double value);
void append_number(std::string& text, std::int64_t value);

/// Text as a quoted field of a CSV file; empty text if it is empty.
std::string quoted_field(std::string_view words);

/// The fields of one line. Quoted fields are not supported, so callers must not read any.
std::vector<std::string_view> split_fields(std::string_view line);

/// Walks over the lines of a CSV file and counts them for messages.
class CsvLines {
 public:
  /// @param path  for messages; `text` must outlive this
  CsvLines(const std::filesystem::path& path, std::string_view text) : path_(path), rest_(text) {}

  /// @return false at the end. A last line without a line break counts as cut off and is an error.
  bool next(std::string_view& line);

  /// The next line must be this header.
  void expect_header(std::string_view header);
  /// The next line must be this header, perhaps with more columns after it.
  /// @return whether there are more columns
  bool expect_header_and_more(std::string_view header);
  /// The fields of a line that must have `count` of them, or with `and_more` at least so many, of
  /// which the first are returned.
  std::vector<std::string_view> fields(std::string_view line, std::size_t count,
                                       bool and_more = false) const;

  double number(std::string_view field) const;
  std::int64_t integer(std::string_view field) const;

  /// @throws InputError (bad_data) with file and line.
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::filesystem::path path_;
  std::string_view rest_;
  std::size_t line_number_ = 0;
};

}  // namespace tacit
