#include "deploy/report/report_page.h"

#include <initializer_list>

#include "common/base/digest.h"
#include "common/results/result_table.h"
#include "deploy/report/html_text.h"
#include "deploy/report/meanings.h"
#include "deploy/report/page_parts.h"

namespace tacit {
namespace {

struct Judged {
  Where where;
  std::string name;
  std::vector<double> numbers;
  bool good;
};

std::string judged_row(const Judged& judged, std::span<const Quantity> quantities,
                       const char* good_word, const char* bad_word) {
  std::string row = "<tr>" + cell(with_unit(quantities, judged.where, judged.name));
  for (const double number : judged.numbers) row += cell(short_number(number), "number");
  return row + cell(judged.good ? good_word : bad_word, judged.good ? "good" : "bad") +
         cell(meaning_of(quantities, judged.where, judged.name)) + "</tr>\n";
}

std::string judged_tables(const Summary& summary, std::span<const Quantity> quantities) {
  std::string text;
  if (!summary.constraints.empty()) {
    text += "<h2>Constraints</h2>\n<div class=\"wide\"><table>\n<tr>" + heading("constraint") +
            heading("value", "number") + heading("limit", "number") + heading("") +
            heading("meaning") + "</tr>\n";
    for (const Constraint& one : summary.constraints) {
      text += judged_row({Where::constraint, one.name, {one.value, one.limit}, one.met()},
                         quantities, "met", "not met");
    }
    text += "</table></div>\n";
  }
  if (!summary.bounds.empty()) {
    text += "<h2>Bounds from theory</h2>\n<div class=\"wide\"><table>\n<tr>" + heading("bound") +
            heading("measured", "number") + heading("bound", "number") +
            heading("tolerance", "number") + heading("") + heading("meaning") + "</tr>\n";
    for (const Bound& one : summary.bounds) {
      text += judged_row(
          {Where::bound, one.name, {one.measured, one.bound, one.tolerance()}, one.held()},
          quantities, "held", "not held");
    }
    text += "</table></div>\n";
  }
  return text;
}

std::string metrics_table(const Summary& summary, std::span<const Quantity> quantities) {
  if (summary.metrics.empty()) return "";
  std::string text = "<h2>Metrics</h2>\n<div class=\"wide\"><table>\n<tr>" + heading("metric") +
                     heading("value") + heading("meaning") + "</tr>\n";
  for (const auto& [name, values] : summary.metrics) {
    text += "<tr>" + cell(with_unit(quantities, Where::metric, name)) + cell(short_values(values)) +
            cell(meaning_of(quantities, Where::metric, name)) + "</tr>\n";
  }
  return text + "</table></div>\n";
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string messages_row(const MessageCount& messages) {
  return grouped(messages.count) + " messages, " + grouped(messages.payload_bits) +
         " payload bits, " + grouped(messages.frame_bytes) + " bytes of frames, " +
         grouped(messages.emulation_bytes) + " bytes of emulation";
}

std::string facts_table(const RunRecord& record) {
  const RunFacts& facts = record.facts;
  std::string text = "<h2>How this run came about</h2>\n<div class=\"wide\"><table>\n";
  text += "<tr><th scope=\"row\">command</th><td><code>" + escaped(command_line(facts.argv)) +
          "</code></td></tr>\n";
  text += name_row("seed", std::to_string(facts.seed));
  if (record.summary) {
    text += name_row("digest", to_hex(record.summary->digest));
    text += name_row("rounds", grouped(static_cast<std::uint64_t>(record.summary->rounds)));
    if (record.summary->wall_seconds) {
      text += name_row("wall time", short_number(*record.summary->wall_seconds) + " s");
    }
    text += name_row("messages", messages_row(record.summary->messages));
    text += name_row("reproducible", record.summary->reproducible
                                         ? "yes: the same command gives the same digest"
                                         : "no: a deadline passed during the run");
  }
  text += name_row("configuration hash", facts.config_hash);
  if (!facts.started_utc.empty()) text += name_row("started", facts.started_utc);
  text += name_row("hosts", joined(facts.hosts));
  text += name_row("exit code", facts.exit_code ? std::to_string(*facts.exit_code)
                                                : "none: the run was cut off or still runs");
  for (const auto& [name, version] : facts.versions) text += name_row(name, version);
  for (const auto& [name, value] : facts.derived) text += name_row(name, value);
  return text + "</table></div>\n<details><summary>Effective configuration</summary>\n<pre>" +
         escaped(record.config_text) + "</pre></details>\n";
}

/// The names of the agents, where they have names.
std::string agents_table(const std::vector<std::string>& names) {
  if (names.empty()) return "";
  std::string text = "<h2>Agents</h2>\n<div class=\"wide\"><table>\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += name_row("agent " + std::to_string(i), names[i]);
  }
  return text + "</table></div>\n";
}

std::string files_table(std::span<const FolderEntry> entries) {
  std::string text = "<h2>Files of this run</h2>\n<div class=\"wide\"><table>\n";
  for (const FolderEntry& entry : entries) {
    text +=
        "<tr><td><a href=\"" + link_target(entry.name) + "\">" + escaped(entry.name) + "</a></td>" +
        cell(grouped(entry.size) + (entry.is_folder ? " entries" : " bytes"), "number") + "</tr>\n";
  }
  return text + "</table></div>\n";
}

std::string verdict_part(const RunRecord& record) {
  if (!record.summary) return "<p class=\"verdict bad\">This run did not finish.</p>\n";
  const bool good = record.summary->summary.all_hold();
  return std::string("<p class=\"verdict ") + (good ? "good" : "bad") + "\">" +
         escaped(verdict(record.summary->summary)) + "</p>\n";
}

}  // namespace

std::string report_page(const RunRecord& record, std::span<const Figure> figures,
                        std::span<const FolderEntry> entries,
                        std::span<const Quantity> quantities) {
  const RunFacts& facts = record.facts;
  const std::string title = facts.name.empty() ? "run" : facts.name;
  std::string text = "<h1>" + escaped(title) + "</h1>\n<p class=\"facts\">" +
                     escaped(facts.system) + ", " + std::to_string(facts.agent_count) +
                     " agents, seed " + std::to_string(facts.seed) + "</p>\n";
  text += verdict_part(record);
  if (record.summary) {
    text += judged_tables(record.summary->summary, quantities) +
            metrics_table(record.summary->summary, quantities);
  }
  text += figures_part(figures) + agents_table(*facts.agent_names) + facts_table(record) +
          files_table(entries) + meanings_part(quantities);
  return page(title + ", seed " + std::to_string(facts.seed), text);
}

}  // namespace tacit
