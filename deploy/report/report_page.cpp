#include "deploy/report/report_page.h"

#include "common/base/digest.h"
#include "common/run_folder/result_table.h"
#include "deploy/report/html_text.h"

namespace tacit {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5a6573; --page: #f6f7f9;
  --card: #ffffff; --line: #d9dee5; --good: #00714f; --bad: #b3260e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --soft: #9aa5b3; --page: #14181e;
  --card: #1d232b; --line: #343c47; --good: #4cc79b; --bad: #ff8a70; } }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, "DejaVu Sans", Verdana, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
p.facts { color: var(--soft); margin: .2rem 0 1rem; }
p.verdict { border-left: .4rem solid; padding: .6rem .9rem; background: var(--card);
  font-weight: 600; margin: 0; }
p.verdict.good, td.good { color: var(--good); } p.verdict.bad, td.bad { color: var(--bad); }
div.wide { overflow-x: auto; }
table { border-collapse: collapse; background: var(--card); width: 100%; }
th, td { text-align: left; padding: .35rem .7rem; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
figure { margin: 0 0 1.4rem; background: #ffffff; border: 1px solid var(--line);
  border-radius: .4rem; overflow: hidden; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { padding: .6rem .9rem; background: var(--card); border-top: 1px solid var(--line); }
figcaption a { color: var(--soft); font-size: .85rem; }
code, pre { font: .9em/1.45 "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
pre { background: var(--card); padding: .8rem; overflow-x: auto; border: 1px solid var(--line); }
a { color: inherit; }
@media print { body { background: white; } figure { break-inside: avoid; } }
)";

std::string cell(const std::string& text, const char* kind = "") {
  const std::string attribute = *kind == '\0' ? "" : " class=\"" + std::string(kind) + '"';
  return "<td" + attribute + '>' + escaped(text) + "</td>";
}

std::string heading(const char* text, const char* kind = "") {
  const std::string attribute = *kind == '\0' ? "" : " class=\"" + std::string(kind) + '"';
  return "<th" + attribute + " scope=\"col\">" + text + "</th>";
}

std::string judged_row(const std::string& name, double value, double limit, bool good,
                       const char* good_word, const char* bad_word) {
  return "<tr>" + cell(name) + cell(short_number(value), "number") +
         cell(short_number(limit), "number") +
         cell(good ? good_word : bad_word, good ? "good" : "bad") + "</tr>\n";
}

std::string judged_tables(const Summary& summary) {
  std::string text;
  if (!summary.constraints.empty()) {
    text += "<h2>Constraints</h2>\n<div class=\"wide\"><table>\n<tr>" + heading("constraint") +
            heading("value", "number") + heading("limit", "number") + heading("") + "</tr>\n";
    for (const Constraint& one : summary.constraints) {
      text += judged_row(one.name, one.value, one.limit, one.met(), "met", "not met");
    }
    text += "</table></div>\n";
  }
  if (!summary.bounds.empty()) {
    text += "<h2>Bounds from theory</h2>\n<div class=\"wide\"><table>\n<tr>" + heading("bound") +
            heading("measured", "number") + heading("bound", "number") + heading("") + "</tr>\n";
    for (const Bound& one : summary.bounds) {
      text += judged_row(one.name, one.measured, one.bound, one.held(), "held", "not held");
    }
    text += "</table></div>\n";
  }
  return text;
}

std::string name_row(const std::string& name, const std::string& value) {
  return "<tr><th scope=\"row\">" + escaped(name) + "</th>" + cell(value) + "</tr>\n";
}

std::string metrics_table(const Summary& summary) {
  if (summary.metrics.empty()) return "";
  std::string text = "<h2>Metrics</h2>\n<div class=\"wide\"><table>\n";
  for (const auto& [name, values] : summary.metrics) text += name_row(name, short_values(values));
  return text + "</table></div>\n";
}

std::string figures_part(std::span<const Figure> figures) {
  if (figures.empty()) return "";
  std::string text = "<h2>Figures</h2>\n";
  for (const Figure& figure : figures) {
    const std::string file = "plots/" + figure.stem + ".svg";
    text += "<figure id=\"figure-" + escaped(figure.stem) + "\">\n" +
            inlined_svg(figure.svg, figure.stem, figure.title) + "<figcaption>" +
            escaped(figure.caption) + " <a href=\"" + link_target(file) + "\">" + escaped(file) +
            "</a></figcaption>\n</figure>\n";
  }
  return text;
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
    text += name_row("wall time", short_number(record.summary->wall_seconds) + " s");
    text += name_row("messages", messages_row(record.summary->messages));
    text += name_row("reproducible", record.summary->reproducible
                                         ? "yes: the same command gives the same digest"
                                         : "no: a deadline passed during the run");
  }
  text += name_row("configuration hash", facts.config_hash);
  text += name_row("started", facts.started_utc);
  text += name_row("hosts", joined(facts.hosts));
  text += name_row("exit code", facts.exit_code ? std::to_string(*facts.exit_code)
                                                : "none: the run was cut off or still runs");
  for (const auto& [name, version] : facts.versions) text += name_row(name, version);
  for (const auto& [name, value] : facts.derived) text += name_row(name, value);
  return text + "</table></div>\n<details><summary>Effective configuration</summary>\n<pre>" +
         escaped(record.config_text) + "</pre></details>\n";
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
                        std::span<const FolderEntry> entries) {
  const RunFacts& facts = record.facts;
  const std::string title = facts.name.empty() ? "run" : facts.name;
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      escaped(title) + ", seed " + std::to_string(facts.seed) + "</title>\n<style>" + kStyle +
      "</style>\n</head>\n<body>\n<main>\n<h1>" + escaped(title) + "</h1>\n<p class=\"facts\">" +
      escaped(facts.system) + ", " + std::to_string(facts.agent_count) + " agents, seed " +
      std::to_string(facts.seed) + "</p>\n";
  text += verdict_part(record);
  if (record.summary) {
    text += judged_tables(record.summary->summary) + metrics_table(record.summary->summary);
  }
  return text + figures_part(figures) + facts_table(record) + files_table(entries) +
         "</main>\n</body>\n</html>\n";
}

}  // namespace tacit
