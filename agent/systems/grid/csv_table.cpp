#include "agent/systems/grid/csv_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/base/plain_text.h"

namespace tacit::grid {
namespace {

constexpr std::size_t kColumnsMost = 100'000;

/// The lines of a text that are not comments, with their numbers.
class Lines {
 public:
  /// @param count_before  lines of the file before `text`
  Lines(std::string_view text, std::size_t count_before) : rest_(text), count_(count_before) {}

  bool next(std::string_view& line) {
    while (!rest_.empty()) {
      const std::size_t end = std::min(rest_.find('\n'), rest_.size());
      line = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      ++count_;
      if (!line.starts_with('#')) return true;
    }
    return false;
  }

  std::size_t count() const { return count_; }
  std::string_view rest() const { return rest_; }
  bool only_empty_lines_follow() const {
    return rest_.find_first_not_of('\n') == std::string_view::npos;
  }

 private:
  std::string_view rest_;
  std::size_t count_;
};

std::string_view without_blanks(std::string_view field) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.remove_suffix(1);
  const bool is_quoted = field.size() >= 2 && field.front() == '"' && field.back() == '"';
  return is_quoted ? field.substr(1, field.size() - 2) : field;
}

/// The separator of a header: a semicolon or a tab where there is one, else a comma.
char separator_of(std::string_view header) {
  bool is_quoted = false;
  bool has_tab = false;
  for (const char letter : header) {
    if (letter == '"') is_quoted = !is_quoted;
    if (letter == ';' && !is_quoted) return ';';
    has_tab = has_tab || (letter == '\t' && !is_quoted);
  }
  return has_tab ? '\t' : ',';
}

/// Separators between quotes do not count. Stops after `count_most` fields.
void split(std::string_view line, char separator, std::size_t count_most,
           std::vector<std::string_view>& fields) {
  fields.clear();
  bool is_quoted = false;
  std::size_t first = 0;
  for (std::size_t k = 0; k <= line.size() && fields.size() < count_most; ++k) {
    if (k < line.size() && line[k] == '"') is_quoted = !is_quoted;
    if (k < line.size() && (line[k] != separator || is_quoted)) continue;
    fields.push_back(without_blanks(line.substr(first, k - first)));
    first = k + 1;
  }
}

std::string expected(const CsvTable::Column& column) {
  return std::string(column.is_whole ? "a whole number" : "a number") + " from " +
         std::to_string(static_cast<std::int64_t>(column.least)) + " to " +
         std::to_string(static_cast<std::int64_t>(column.most));
}

/// A number with its decimal comma, if commas do not separate fields, replaced by a point.
std::string with_point(std::string_view field) {
  std::string text(field);
  const std::size_t comma = text.find(',');
  const bool is_decimal = text.find('.') == std::string::npos && comma == text.rfind(',');
  if (comma != std::string::npos && is_decimal) text[comma] = '.';
  return text;
}

std::optional<double> number(std::string_view field, const CsvTable::Column& column) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size()) return std::nullopt;
  if (!(column.least <= value && value <= column.most)) return std::nullopt;  // NaN is refused here
  if (column.is_whole && value != std::floor(value)) return std::nullopt;
  return value;
}

[[noreturn]] void refuse_cell(const std::string& place, const std::string& message) {
  throw InputError(ExitCode::bad_data, place + ": " + message);
}

}  // namespace

std::string shown(std::string_view text) {
  if (text.empty()) return "nothing";
  constexpr std::size_t kLettersMost = 40;
  std::string letters(text.substr(0, kLettersMost));
  for (char& letter : letters) {
    if (letter < ' ' || letter > '~') letter = '?';
  }
  return "\"" + letters + (text.size() > kLettersMost ? "...\"" : "\"");
}

CsvTable::CsvTable(std::string_view text, std::string origin)
    : origin_(std::move(origin)), text_(plain_text(text, origin_, ExitCode::bad_data)) {
  Lines lines(text_, 0);
  std::string_view header;
  if (!lines.next(header)) fail("is empty; expected a header with the names of columns");
  std::vector<std::string_view> fields;
  separator_ = separator_of(header);
  split(header, separator_, kColumnsMost + 1, fields);
  if (fields.size() > kColumnsMost) fail("has more than 100,000 columns");
  names_.assign(fields.begin(), fields.end());
  rows_ = lines.rest();
  lines_before_ = lines.count();
  std::set<std::string> known;
  for (const std::string& name : names_) {
    if (!known.insert(name).second) {
      refuse_cell(origin_ + ":" + std::to_string(lines_before_),
                  "column " + shown(name) + " comes twice; remove one");
    }
  }
}

bool CsvTable::has(std::string_view name) const {
  return std::ranges::find(names_, name) != names_.end();
}

std::size_t CsvTable::place_of(const std::string& name) const {
  const auto found = std::ranges::find(names_, name);
  TACIT_CHECK(found != names_.end(), "only columns that are there are read");
  return static_cast<std::size_t>(found - names_.begin());
}

std::string CsvTable::in_line(std::size_t line) const {
  return origin_ + ":" + std::to_string(line);
}

std::optional<double> CsvTable::value_of(std::string_view field, const Column& column) const {
  return separator_ == ',' ? number(field, column) : number(with_point(field), column);
}

template <typename Use>
void CsvTable::for_each_line(const Use& use) const {
  std::vector<std::string_view> fields;
  std::string_view line;
  Lines lines(rows_, lines_before_);
  bool is_empty = true;
  for (; !lines.only_empty_lines_follow() && lines.next(line); is_empty = false) {
    split(line, separator_, names_.size() + 1, fields);
    if (fields.size() != names_.size()) {
      refuse_cell(in_line(lines.count()),
                  "expected " + std::to_string(names_.size()) + " fields, got " +
                      (fields.size() > names_.size() ? "more" : std::to_string(fields.size())));
    }
    use(fields, lines.count());
  }
  if (is_empty) fail("has no hours below the header");
}

std::vector<std::vector<double>> CsvTable::read(const std::vector<Column>& columns) const {
  std::vector<std::size_t> places;
  for (const Column& column : columns) places.push_back(place_of(column.name));
  std::vector<std::vector<double>> values(columns.size());
  for_each_line([&](const std::vector<std::string_view>& fields, std::size_t line) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::string_view field = fields[places[c]];
      const std::optional<double> value = value_of(field, columns[c]);
      if (!value) {
        refuse_cell(in_line(line), columns[c].name + ": expected " + expected(columns[c]) +
                                       ", got " + shown(field) + "; " + columns[c].remedy);
      }
      values[c].push_back(*value);
    }
  });
  return values;
}

std::vector<double> CsvTable::read_loosely(const std::string& name) const {
  const Column any{name, 0, std::numeric_limits<double>::max()};
  std::vector<double> values;
  for (const std::string_view field : fields(name)) {
    values.push_back(value_of(field, any).value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return values;
}

std::vector<std::string_view> CsvTable::fields(const std::string& name) const {
  const std::size_t column = place_of(name);
  std::vector<std::string_view> all;
  for_each_line([&](const std::vector<std::string_view>& fields, std::size_t) {
    all.push_back(fields[column]);
  });
  return all;
}

void CsvTable::fail(std::size_t hour_index, const std::string& column,
                    const std::string& message) const {
  Lines lines(rows_, lines_before_);
  std::string_view line;
  for (std::size_t k = 0; k <= hour_index; ++k) lines.next(line);
  refuse_cell(in_line(lines.count()), column + ": " + message);
}

void CsvTable::fail(const std::string& message) const { refuse_cell(origin_, message); }

}  // namespace tacit::grid
