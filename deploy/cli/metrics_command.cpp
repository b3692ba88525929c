#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "agent/catalog.h"
#include "common/results/run_quantities.h"
#include "deploy/cli/command.h"

namespace tacit {
namespace {

constexpr const char* kEveryRun = "run";

struct MetricsArguments {
  std::string group;  ///< a system or kEveryRun; empty: all
  bool as_json = false;
  bool as_markdown = false;
};

struct Group {
  std::string_view name;
  std::span<const Quantity> quantities;
};

std::vector<Group> groups() {
  std::vector<Group> all{{kEveryRun, run_quantities()}};
  for (const SystemEntry& entry : systems()) all.push_back({entry.name, entry.quantities()});
  return all;
}

std::vector<std::string> group_names() {
  std::vector<std::string> names;
  for (const Group& group : groups()) names.emplace_back(group.name);
  return names;
}

nlohmann::ordered_json to_json(std::span<const Quantity> quantities) {
  auto list = nlohmann::ordered_json::array();
  for (const Quantity& one : quantities) {
    list.push_back({{"where", place_name(one.where)},
                    {"name", one.name},
                    {"unit", one.unit},
                    {"meaning", one.meaning}});
  }
  return list;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  cell.resize(std::max(width, cell.size()), ' ');
  return cell + "  ";
}

std::string to_text(const Group& group) {
  std::size_t name_width = 0, unit_width = 0;
  for (const Quantity& one : group.quantities) {
    name_width = std::max(name_width, one.name.size());
    unit_width = std::max(unit_width, one.unit.size());
  }
  std::string text;
  const Quantity* last = nullptr;
  for (const Quantity& one : group.quantities) {
    if (last == nullptr || last->where != one.where) {
      text += "\n" + std::string(group.name) + ", " + std::string(place_name(one.where)) + "\n";
    }
    text += "  " + padded(one.name, name_width) + padded(one.unit, unit_width) +
            std::string(one.meaning) + "\n";
    last = &one;
  }
  return text;
}

std::string to_markdown(std::span<const Quantity> quantities) {
  std::string text;
  const Quantity* last = nullptr;
  for (const Quantity& one : quantities) {
    if (last == nullptr || last->where != one.where) {
      text += (last == nullptr ? "| " : "\n| ") + std::string(place_name(one.where)) +
              " | unit | meaning |\n|---|---|---|\n";
    }
    std::string meaning(one.meaning);
    for (std::size_t at = 0; (at = meaning.find('|', at)) != std::string::npos; at += 2) {
      meaning.insert(at, 1, '\\');
    }
    text +=
        "| `" + std::string(one.name) + "` | " + std::string(one.unit) + " | " + meaning + " |\n";
    last = &one;
  }
  return text;
}

int show_metrics(const MetricsArguments& arguments) {
  nlohmann::ordered_json document;
  for (const Group& group : groups()) {
    if (!arguments.group.empty() && arguments.group != group.name) continue;
    if (arguments.as_json) {
      document[std::string(group.name)] = to_json(group.quantities);
    } else {
      std::cout << (arguments.as_markdown ? to_markdown(group.quantities) : to_text(group));
    }
  }
  if (arguments.as_json) std::cout << document.dump(2) << '\n';
  return 0;
}

}  // namespace

void add_metrics_command(CLI::App& app, Execute& execute) {
  auto* metrics = app.add_subcommand("metrics", R"(What the numbers are that runs leave behind.

Examples:
  tacit metrics offload
  tacit metrics run           # of every system: messages, faults, sweeps
  tacit metrics --json        # all

Name, unit and meaning of every metric, constraint and bound, of every column of a CSV file and of
every entry of a result.json. The unit 1 is that of a pure number.)");
  auto arguments = std::make_shared<MetricsArguments>();
  metrics->add_option("system", arguments->group, "one system, or run: what all have")
      ->check(CLI::IsMember(group_names()));
  auto* json = metrics->add_flag("--json", arguments->as_json, "print JSON");
  metrics->add_flag("--markdown", arguments->as_markdown, "print tables, as in docs/")
      ->excludes(json);
  metrics->callback(
      [arguments, &execute] { execute = [arguments] { return show_metrics(*arguments); }; });
}

}  // namespace tacit
