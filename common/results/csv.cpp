#include "common/results/csv.h"

#include <array>
#include <charconv>
#include <system_error>

#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/base/whole_number.h"

namespace tacit {

void append_number(std::string& text, double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

void append_number(std::string& text, std::int64_t value) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text.append(digits.data(), end);
}

std::string quoted_field(std::string_view words) {
  if (words.empty()) return "";
  std::string field = "\"";
  for (const char letter : printable(words))
    field += letter == '"' ? "\"\"" : std::string(1, letter);
  return field + '"';
}

std::vector<std::string_view> split_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t first = 0;
  for (std::size_t comma = line.find(','); comma != std::string_view::npos;
       comma = line.find(',', first)) {
    fields.push_back(line.substr(first, comma - first));
    first = comma + 1;
  }
  fields.push_back(line.substr(first));
  return fields;
}

bool CsvLines::next(std::string_view& line) {
  if (rest_.empty()) return false;
  ++line_number_;
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) fail("the file ends in the middle of this line");
  line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return true;
}

void CsvLines::expect_header(std::string_view header) {
  std::string_view line;
  if (!next(line) || line != header) fail("the header must be '" + std::string(header) + "'");
}

bool CsvLines::expect_header_and_more(std::string_view header) {
  std::string_view line;
  const bool begins = next(line) && line.starts_with(header);
  const std::string_view more = begins ? line.substr(header.size()) : "";
  if (!begins || !(more.empty() || more.starts_with(','))) {
    fail("the header must be '" + std::string(header) + "'");
  }
  return !more.empty();
}

std::vector<std::string_view> CsvLines::fields(std::string_view line, std::size_t count,
                                               bool and_more) const {
  auto fields = split_fields(line);
  if (and_more && fields.size() > count) fields.resize(count);
  if (fields.size() != count) {
    fail("has " + std::to_string(fields.size()) + " fields instead of " + std::to_string(count));
  }
  return fields;
}

double CsvLines::number(std::string_view field) const {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc{} || end != field.data() + field.size()) {
    fail("'" + std::string(field) + "' is not a number");
  }
  return value;
}

std::int64_t CsvLines::integer(std::string_view field) const {
  if (const auto value = whole_number(field)) return *value;
  fail("'" + std::string(field) + "' is not a whole number");
}

void CsvLines::fail(const std::string& what) const {
  throw InputError(ExitCode::bad_data,
                   path_.string() + ":" + std::to_string(line_number_) + ": " + what);
}

}  // namespace tacit
