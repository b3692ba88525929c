#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tacit::grid {

/// Text of a file in quotes, shortened, with printable letters only, for a message.
std::string shown(std::string_view text);

/// A CSV file of hourly series: a header with names, then one line of numbers per hour. Lines that
/// begin with # are comments; byte-order marks and line ends that plain_text accepts, and quotes
/// around a field, are allowed. A header with semicolons or tabs means that those separate the
/// fields and that numbers may have a decimal comma.
class CsvTable {
 public:
  /// Reads the header.
  /// @param origin  stands for the file name in messages
  /// @throws InputError (bad_data) if there is no header, it has a name twice or over 100,000
  /// names, or plain_text refuses the text
  CsvTable(std::string_view text, std::string origin);
  CsvTable(const CsvTable&) = delete;
  CsvTable& operator=(const CsvTable&) = delete;

  const std::string& origin() const { return origin_; }
  const std::vector<std::string>& names() const { return names_; }
  bool has(std::string_view name) const;

  /// Requirements on a column's numbers.
  struct Column {
    std::string name;
    double least;
    double most;
    bool is_whole = false;
    std::string remedy = "correct the value or fill the gap";  ///< for an invalid field
  };

  /// @param columns  by their names in the header, which must be there
  /// @return [columns.size()][T], T >= 1
  /// @throws InputError (bad_data) naming file, line and column; also if T = 0
  std::vector<std::vector<double>> read(const std::vector<Column>& columns) const;

  /// A column's numbers, without requirements.
  /// @return [T]; NaN for a field that is no number >= 0
  /// @throws InputError (bad_data) naming file and line
  std::vector<double> read_loosely(const std::string& name) const;

  /// The fields of a column as text, without the blanks and quotes around them.
  /// @param name  in the header
  /// @return [T], views of this table
  /// @throws InputError (bad_data) naming file and line
  std::vector<std::string_view> fields(const std::string& name) const;

  /// @throws InputError (bad_data) that names the file, the column, and the line of the hour with
  /// this index (0..T-1)
  [[noreturn]] void fail(std::size_t hour_index, const std::string& column,
                         const std::string& message) const;

 private:
  /// Calls `use` with the fields of every line, and its number.
  template <typename Use>
  void for_each_line(const Use& use) const;
  std::size_t place_of(const std::string& name) const;
  std::string in_line(std::size_t line) const;  ///< for messages
  std::optional<double> value_of(std::string_view field, const Column& column) const;
  [[noreturn]] void fail(const std::string& message) const;

  char separator_ = ',';
  std::string origin_;
  std::string text_;
  std::string_view rows_;  ///< all lines of text_ after the header
  std::vector<std::string> names_;
  std::size_t lines_before_ = 0;  ///< the header's among them
};

}  // namespace tacit::grid
