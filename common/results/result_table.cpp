#include "common/results/result_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "common/base/digest.h"

namespace tacit {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kValuesShown = 6;

/// Columns two spaces apart; the first is flush left, the others flush right, and rows of fewer
/// columns than the first do not widen it.
std::string aligned(const Rows& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t k = 0; k < row.size(); ++k) {
      const std::string pad(widths[k] - row[k].size(), ' ');
      line += ' ' + (k == 0 ? row[k] + pad : ' ' + pad + row[k]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string metrics_part(const Summary& summary) {
  std::size_t width = 0;
  for (const auto& [name, values] : summary.metrics) width = std::max(width, name.size());
  std::string text;
  for (const auto& [name, values] : summary.metrics) {
    const std::string pad(width - name.size(), ' ');
    text += "  " + name + pad + "  " + short_values(values) + '\n';
  }
  return text;
}

}  // namespace

std::string short_number(double value) {
  if (std::isnan(value)) return "-";
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.6g", value);
  return text.data();
}

std::string grouped(std::uint64_t value) {
  const std::string digits = std::to_string(value);
  std::string text;
  for (std::size_t k = 0; k < digits.size(); ++k) {
    if (k > 0 && (digits.size() - k) % 3 == 0) text += ',';
    text += digits[k];
  }
  return text;
}

std::string short_values(const std::vector<double>& values) {
  if (values.empty()) return "-";
  if (values.size() > kValuesShown) {
    const double sum = std::accumulate(values.begin(), values.end(), 0.0);
    const auto [least, most] = std::ranges::minmax(values);
    return std::to_string(values.size()) + " values: least " + short_number(least) + ", mean " +
           short_number(sum / static_cast<double>(values.size())) + ", most " + short_number(most);
  }
  std::string text = short_number(values.front());
  for (std::size_t k = 1; k < values.size(); ++k) text += ", " + short_number(values[k]);
  return text;
}

std::string verdict(const Summary& summary) {
  std::string failed;
  const auto add = [&failed](const std::string& name) {
    failed += (failed.empty() ? "" : ", ") + name;
  };
  for (const Constraint& one : summary.constraints) {
    if (!one.met()) add(one.name);
  }
  for (const Bound& one : summary.bounds) {
    if (!one.held()) add(one.name);
  }
  if (!failed.empty()) return "FAILED: " + failed;
  return "OK: " + std::to_string(summary.constraints.size()) + " of " +
         std::to_string(summary.constraints.size()) + " constraints met, " +
         std::to_string(summary.bounds.size()) + " of " + std::to_string(summary.bounds.size()) +
         " bounds held";
}

std::string result_table(const RunSummary& run) {
  std::string text = run.system + ": " + std::to_string(run.agent_count) + " agents, " +
                     grouped(static_cast<std::uint64_t>(run.rounds)) + " rounds, seed " +
                     std::to_string(run.seed) + ", " +
                     (run.wall_seconds ? short_number(*run.wall_seconds) + " s, " : "") +
                     "digest " + to_hex(run.digest) + '\n';
  if (!run.summary.constraints.empty()) {
    Rows rows = {{"constraint", "value", "limit", ""}};
    for (const Constraint& one : run.summary.constraints) {
      rows.push_back({one.name, short_number(one.value), short_number(one.limit),
                      one.met() ? "met" : "NOT MET"});
    }
    text += '\n' + aligned(rows);
  }
  if (!run.summary.bounds.empty()) {
    Rows rows = {{"bound", "measured", "bound", "tolerance", ""}};
    for (const Bound& one : run.summary.bounds) {
      rows.push_back({one.name, short_number(one.measured), short_number(one.bound),
                      short_number(one.tolerance()), one.held() ? "held" : "NOT HELD"});
    }
    text += '\n' + aligned(rows);
  }
  if (!run.summary.metrics.empty()) text += '\n' + metrics_part(run.summary);
  text += "\n  messages " + grouped(run.messages.count) + ", payload " +
          grouped(run.messages.payload_bits) + " bits, frames " +
          grouped(run.messages.frame_bytes) + " bytes, emulation " +
          grouped(run.messages.emulation_bytes) + " bytes\n";
  if (!run.reproducible) text += "  not reproducible: a deadline passed during the run\n";
  return text + '\n' + verdict(run.summary) + '\n';
}

}  // namespace tacit
