#include "deploy/cli/sweep/table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "common/base/digest.h"
#include "common/base/random.h"
#include "common/results/csv.h"

namespace tacit {
namespace {

constexpr std::size_t kResamples = 2000;
constexpr std::size_t kTail = kResamples * 25 / 1000;  ///< resamples beyond each end
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Estimate bootstrap_mean(const std::vector<double>& values) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](double value) { return std::isfinite(value); });
  if (finite.empty()) return {kNan, kNan, kNan};
  if (finite.size() == 1) return {finite.front(), kNan, kNan};
  RandomStream stream(0, process_id(0), purpose("sweep.bootstrap"), 0);
  std::vector<double> means;
  for (std::size_t resample = 0; resample < kResamples; ++resample) {
    double sum = 0;
    for (std::size_t k = 0; k < finite.size(); ++k) {
      std::uint64_t word = stream();
      sum += finite[split_off(word, finite.size())];
    }
    means.push_back(sum / static_cast<double>(finite.size()));
  }
  std::ranges::sort(means);
  return {mean(finite), means[kTail], means[kResamples - 1 - kTail]};
}

SweepTable::SweepTable(const SweepPlan& plan, std::vector<CellOutcome> outcomes)
    : plan_(plan), outcomes_(std::move(outcomes)) {
  std::set<std::string> names;
  for (const CellOutcome& outcome : outcomes_) {
    for (const auto& [name, value] : outcome.metrics) names.insert(name);
  }
  metrics_.assign(names.begin(), names.end());
}

Estimate SweepTable::estimate(std::string_view metric, std::size_t point) const {
  std::vector<double> values;
  for (std::size_t s = 0; s < plan_.seed_count(); ++s) {
    const CellOutcome& outcome = outcomes_[point * plan_.seed_count() + s];
    if (!outcome.impossible.empty()) continue;
    const auto found = outcome.metrics.find(std::string(metric));
    if (metric == "met") {
      values.push_back(outcome.met ? 1 : 0);
    } else if (found != outcome.metrics.end()) {
      values.push_back(found->second);
    }
  }
  return bootstrap_mean(values);
}

std::size_t SweepTable::met_count() const {
  return static_cast<std::size_t>(std::ranges::count(outcomes_, true, &CellOutcome::met));
}

std::size_t SweepTable::impossible_count() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(outcomes_, [](const auto& cell) { return !cell.impossible.empty(); }));
}

std::size_t SweepTable::ran_count(std::size_t point) const {
  std::size_t count = 0;
  for (std::size_t s = 0; s < plan_.seed_count(); ++s) {
    count += outcomes_[point * plan_.seed_count() + s].impossible.empty() ? 1 : 0;
  }
  return count;
}

std::string SweepTable::impossible_at(std::size_t point) const {
  return ran_count(point) > 0 ? "" : outcomes_[point * plan_.seed_count()].impossible;
}

std::string SweepTable::cells_csv() const {
  const bool all_ran = impossible_count() == 0;
  std::string text;
  for (const SweptKey& key : plan_.keys()) text += key.name + ',';
  text += "seed,met";
  for (const std::string& name : metrics_) text += ',' + name;
  text += all_ran ? ",digest\n" : ",digest,impossible\n";
  for (std::size_t cell = 0; cell < outcomes_.size(); ++cell) {
    for (const std::string& value : plan_.values_at(plan_.point_of(cell))) text += value + ',';
    text += std::to_string(plan_.seed_of(cell)) + ',';
    if (outcomes_[cell].impossible.empty()) text += outcomes_[cell].met ? '1' : '0';
    for (const std::string& name : metrics_) {
      text += ',';
      const auto found = outcomes_[cell].metrics.find(name);
      if (found != outcomes_[cell].metrics.end()) append_number(text, found->second);
    }
    text += ',';
    if (outcomes_[cell].impossible.empty()) text += to_hex(outcomes_[cell].digest);
    text += (all_ran ? "" : ',' + quoted_field(outcomes_[cell].impossible)) + '\n';
  }
  return text;
}

std::string SweepTable::points_csv() const {
  std::vector<std::string> names = {"met"};
  names.insert(names.end(), metrics_.begin(), metrics_.end());
  const bool all_ran = impossible_count() == 0;
  std::string text;
  for (const SweptKey& key : plan_.keys()) text += key.name + ',';
  text += "seeds";
  for (const std::string& name : names) {
    text += ',' + name + "_mean," + name + "_low," + name + "_high";
  }
  text += all_ran ? "\n" : ",impossible\n";
  for (std::size_t point = 0; point < plan_.point_count(); ++point) {
    for (const std::string& value : plan_.values_at(point)) text += value + ',';
    text += std::to_string(ran_count(point));
    for (const std::string& name : names) {
      const Estimate one = estimate(name, point);
      for (const double value : {one.mean, one.low, one.high}) {
        text += ',';
        append_number(text, value);
      }
    }
    text += (all_ran ? "" : ',' + quoted_field(impossible_at(point))) + '\n';
  }
  return text;
}

}  // namespace tacit
