#include "deploy/cli/sweep/plan.h"

#include <optional>
#include <set>
#include <string_view>

#include "common/base/error.h"
#include "common/base/whole_number.h"

namespace tacit {
namespace {

constexpr std::size_t kCellsMost = 1'000'000;

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw InputError(ExitCode::usage, "--over " + text + ": " + why);
}

/// Appends all integers of lo..hi; does nothing if the item is no such range.
bool append_integers(const std::string& text, std::string_view item,
                     std::vector<std::string>& values) {
  const std::size_t dots = item.find("..");
  if (dots == std::string_view::npos) return false;
  const auto least = whole_number(item.substr(0, dots));
  const auto most = whole_number(item.substr(dots + 2));
  if (!least || !most) return false;
  if (*least > *most) refuse(text, "an empty range; write the lesser end first");
  if (static_cast<std::uint64_t>(*most) - static_cast<std::uint64_t>(*least) >= kCellsMost) {
    refuse(text, "more than a million values; sweep fewer");
  }
  for (std::int64_t value = *least; value <= *most; ++value) {
    values.push_back(std::to_string(value));
  }
  return true;
}

/// The comma after the value that begins there, or the end; commas within a list belong to the
/// value.
std::size_t end_of_value(std::string_view list, std::size_t begin) {
  int depth = 0;
  for (std::size_t at = begin; at < list.size(); ++at) {
    if (list[at] == '[') ++depth;
    if (list[at] == ']') --depth;
    if (list[at] == ',' && depth <= 0) return at;
  }
  return list.size();
}

}  // namespace

SweptKey parse_swept_key(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    refuse(text, "expected table.key=value,value,... or table.key=lo..hi");
  }
  SweptKey key{text.substr(0, equals), {}};
  const std::string_view list = std::string_view(text).substr(equals + 1);
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t comma = end_of_value(list, begin);
    const std::string_view item = list.substr(begin, comma - begin);
    if (item.empty()) refuse(text, "a value is missing between two commas");
    if (!append_integers(text, item, key.values)) key.values.emplace_back(item);
    begin = comma + 1;
  }
  if (std::set<std::string>(key.values.begin(), key.values.end()).size() != key.values.size()) {
    refuse(text, "a value comes twice");
  }
  return key;
}

SweepPlan::SweepPlan(std::vector<SweptKey> keys, std::uint64_t first_seed, std::size_t seed_count)
    : keys_(std::move(keys)), first_seed_(first_seed), seed_count_(seed_count) {
  std::set<std::string> names;
  for (const SweptKey& key : keys_) {
    if (key.name == "run.seed") refuse(key.name, "use --seeds N");
    if (!names.insert(key.name).second) refuse(key.name, "give all its values in one --over");
    if (key.values.size() > kCellsMost / (point_count_ * seed_count_)) {
      refuse(key.name, "more than a million cells in all; sweep fewer values");
    }
    point_count_ *= key.values.size();
  }
}

std::vector<std::string> SweepPlan::values_at(std::size_t point) const {
  std::vector<std::string> values(keys_.size());
  for (std::size_t k = keys_.size(); k-- > 0;) {
    values[k] = keys_[k].values[point % keys_[k].values.size()];
    point /= keys_[k].values.size();
  }
  return values;
}

std::vector<std::string> SweepPlan::overrides_of(std::size_t cell) const {
  const std::vector<std::string> values = values_at(point_of(cell));
  std::vector<std::string> overrides;
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    overrides.push_back(keys_[k].name + "=" + values[k]);
  }
  overrides.push_back("run.seed=" + std::to_string(seed_of(cell)));
  return overrides;
}

}  // namespace tacit
