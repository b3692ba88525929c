#include "agent/systems/grid/hour_columns.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>

namespace tacit::grid {
namespace {

constexpr std::int64_t kHour_s = 3600;

struct TimeStamp {
  std::int64_t instant_s;  ///< since 1970, in universal time where the offset is known
  int hour;                ///< 0..23, in the stamp's own time zone
  bool has_offset;
};

/// Takes exactly `count` digits from the front of the text.
bool take_digits(std::string_view& text, std::size_t count, int& value) {
  if (text.size() < count) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc() || end != text.data() + count || text.front() == '-') return false;
  text.remove_prefix(count);
  return true;
}

bool take(std::string_view& text, std::string_view letters) {
  if (text.empty() || letters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// The end of a time stamp: nothing, Z, +hh:mm or +hhmm. Returns the offset from UTC in seconds.
std::optional<int> offset_s(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  const int sign = text.front() == '-' ? -1 : 1;
  int hours = 0, minutes = 0;
  const bool is_offset = take(text, "+-") && take_digits(text, 2, hours);
  take(text, ":");
  if (!is_offset || !take_digits(text, 2, minutes) || !text.empty()) return std::nullopt;
  if (hours > 15 || minutes > 59) return std::nullopt;
  return sign * (hours * 3600 + minutes * 60);
}

std::optional<TimeStamp> time_stamp(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  const bool is_date = take_digits(text, 4, year) && take(text, "-") &&
                       take_digits(text, 2, month) && take(text, "-") && take_digits(text, 2, day);
  const bool is_time = is_date && take(text, "T ") && take_digits(text, 2, hour) &&
                       take(text, ":") && take_digits(text, 2, minute);
  if (!is_time) return std::nullopt;
  if (take(text, ":") && !take_digits(text, 2, second)) return std::nullopt;
  if (take(text, ".")) text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const std::optional<int> offset = offset_s(text);
  if (!date.ok() || hour > 23 || minute > 59 || second > 59 || !offset) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return TimeStamp{days * 24 * kHour_s + hour * kHour_s + minute * 60 + second - *offset, hour,
                   !text.empty()};
}

}  // namespace

CsvTable::Column hour_column(const std::string& name) { return {name, 0, 24, true}; }

std::vector<double> hours_of_day(const CsvTable& table, const std::string& column,
                                 std::vector<double> hours) {
  const bool has_midnight_24 = std::ranges::find(hours, 24) != hours.end();
  const bool from_zero = !has_midnight_24 && std::ranges::find(hours, 0) != hours.end();
  const double first = from_zero ? 0 : 1;
  if (!from_zero) std::ranges::replace(hours, 0.0, 24.0);
  for (std::size_t k = 1; k < hours.size(); ++k) {
    const double next = hours[k - 1] < first + 23 ? hours[k - 1] + 1 : first;
    if (hours[k] == next) continue;
    const bool is_repeated = hours[k] == hours[k - 1];
    table.fail(k, column,
               "expected " + std::to_string(static_cast<int>(next)) +
                   " after the line before, got " + std::to_string(static_cast<int>(hours[k])) +
                   "; hours must follow each other without gaps" +
                   (is_repeated ? ", and steps shorter than an hour are not modelled" : ""));
  }
  for (double& hour : hours) hour += 1 - first;
  return hours;
}

bool is_time_stamp(std::string_view field) { return time_stamp(field).has_value(); }

std::vector<double> read_time_stamps(const CsvTable& table, const std::string& column) {
  const std::vector<std::string_view> fields = table.fields(column);
  std::vector<double> hours;
  std::optional<TimeStamp> last;
  for (std::size_t k = 0; k < fields.size(); ++k) {
    const std::optional<TimeStamp> stamp = time_stamp(fields[k]);
    if (!stamp) {
      table.fail(
          k, column,
          "expected a time such as 2022-08-01T13:00 as in the first line, got " + shown(fields[k]));
    }
    const std::int64_t step_s = last ? stamp->instant_s - last->instant_s : kHour_s;
    if (step_s != kHour_s) {
      const bool is_short = 0 < step_s && step_s < kHour_s;
      const bool may_be_clock = !stamp->has_offset && (step_s == 0 || step_s == 2 * kHour_s);
      table.fail(k, column,
                 "expected one hour after the line before, got " + std::to_string(step_s) + " s; " +
                     (is_short ? "steps shorter than an hour are not modelled: give hourly values"
                      : may_be_clock
                          ? "where clocks change, give times with their offset (+02:00) or in UTC"
                          : "hours must follow each other without gaps"));
    }
    last = stamp;
    hours.push_back(stamp->hour + 1);
  }
  return hours;
}

}  // namespace tacit::grid
