// Goal: every metric, constraint and bound, every column of a CSV file and every entry of a
// result.json is described in the table of its system or in that of all runs, and nothing is
// described that no run leaves behind.
// Method: the program itself, in one process, on experiments so short that each takes well below a
// second, chosen so that together they leave everything; the names are read off the files.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "agent/catalog.h"
#include "agent/systems/locomotion/plant/simulation.h"
#include "common/results/run_quantities.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Child;
using testing::TemporaryFolder;
using testing::text_of;

using Name = std::pair<Where, std::string>;
using Names = std::set<Name>;

/// An experiment file and what makes it short.
using Words = std::vector<std::string>;

const Words kShortDcc{"offload.q_steps=200", "offload.evaluation_slots=200",
                      "offload.lambda_updates=4", "offload.slow_steps=2"};
const Words kShortGrid{"grid.hours=50", "grid.training.iterations=1",
                       "grid.training.attempts_most=1", "grid.training.epochs=1",
                       "grid.training.quality_episodes=1"};
const Words kShortPatrol{"patrol.rollouts=2",
                         "patrol.rollout_steps=30",
                         "patrol.training.steps_per_block=1",
                         "patrol.training.rounds=0",
                         "patrol.training.quality_runs=1",
                         "patrol.training.quality_steps=30",
                         "patrol.training.attempts_most=1"};
const Words kShortLocomotion{"locomotion.copies=2", "locomotion.rollout_steps=100",
                             "locomotion.iterations=2", "locomotion.learning.epochs=1"};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::map<std::string, std::vector<Words>> experiments() {
  std::map<std::string, std::vector<Words>> of{
      {"offload",
       {with({"offload.toml"}, kShortDcc),
        with({"offload-no-coordinator.toml", "offload.phase_rounds=10"}, kShortDcc),
        {"offload-iql.toml", "offload.slots=30"}}},
      {"grid", {with({"grid.toml"}, kShortGrid)}},
      {"patrol",
       {with({"patrol.toml"}, kShortPatrol), with({"patrol-bernoulli.toml"}, kShortPatrol)}},
  };
  if (has_mujoco()) of["locomotion"] = {with({"locomotion-mini.toml"}, kShortLocomotion)};
  return of;
}

std::string output_of(const Words& command, const Words& experiment, const std::string& folder) {
  Words words{testing::program("tacit"), command.front(), TACIT_EXPERIMENTS "/" + experiment[0]};
  words.insert(words.end(), command.begin() + 1, command.end());
  for (std::size_t k = 1; k < experiment.size(); ++k) {
    words.insert(words.end(), {"-s", experiment[k]});
  }
  Child child(words, folder);
  const int code = child.wait();
  EXPECT_TRUE(code == 0 || code == 1) << "exit code " << code << "\n" << child.output();
  return child.output();
}

void add_header(const fs::path& file, Where where, Names& names) {
  if (!fs::exists(file)) return;
  const std::string text = text_of(file.string());
  std::istringstream header(text.substr(0, text.find('\n')));
  for (std::string name; std::getline(header, name, ',');) names.emplace(where, name);
}

void add_keys(const json& object, Where where, Names& names) {
  for (const auto& [name, value] : object.items()) names.emplace(where, name);
}

void add_process(const fs::path& folder, Where row, Where result, Names& names) {
  add_header(folder / "metrics.csv", row, names);
  add_keys(json::parse(text_of((folder / "result.json").string())).at("result"), result, names);
}

void add_run(const fs::path& run, Names& names) {
  const json summary = json::parse(text_of((run / "summary.json").string()));
  for (const json& one : summary.at("constraints")) {
    names.emplace(Where::constraint, one.at("name").get<std::string>());
  }
  for (const json& one : summary.at("bounds")) {
    names.emplace(Where::bound, one.at("name").get<std::string>());
  }
  add_keys(summary.at("metrics"), Where::metric, names);
  add_keys(summary.at("messages"), Where::total, names);
  for (const auto& agent : fs::directory_iterator(run / "agents")) {
    add_process(agent.path(), Where::agent_row, Where::agent_result, names);
  }
  if (fs::exists(run / "coordinator" / "result.json")) {
    add_process(run / "coordinator", Where::coordinator_row, Where::coordinator_result, names);
  }
  add_header(run / "messages.csv", Where::message_row, names);
  add_header(run / "faults.csv", Where::fault_row, names);
}

/// Everything that runs and trainings of a system leave behind.
Names names_of(const std::vector<Words>& experiments, const TemporaryFolder& folder) {
  Names names;
  for (std::size_t k = 0; k < experiments.size(); ++k) {
    const std::string run = folder.path("run" + std::to_string(k));
    output_of({"run", "--in-process", "--no-report", "--out", run}, experiments[k], folder.path());
    add_run(run, names);
    const std::string trained = output_of({"train", "--json"}, experiments[k], folder.path());
    const std::size_t begin = trained.find("\n[");  // after words about what is trained
    for (const json& policy :
         json::parse(begin == std::string::npos ? trained : trained.substr(begin))) {
      add_keys(policy.at("record"), Where::training, names);
    }
  }
  return names;
}

bool is_described(const Name& name, std::span<const Quantity> quantities) {
  return find_quantity(quantities, name.first, name.second) != nullptr;
}

bool is_left(const Quantity& quantity, const Names& names) {
  return std::ranges::any_of(names, [&](const Name& name) {
    return quantity.where == name.first && is_called(quantity, name.second);
  });
}

TEST(Quantities, AreThoseThatRunsOfASystemLeaveBehind) {
  for (const auto& [system, runs] : experiments()) {
    SCOPED_TRACE(system);
    const TemporaryFolder folder;
    const std::vector<Quantity> known = quantities_of(systems(), system);
    const Names names = names_of(runs, folder);
    EXPECT_GT(names.size(), 20u);
    for (const Name& name : names) {
      EXPECT_TRUE(is_described(name, known))
          << place_name(name.first) << " has " << name.second << ": describe it in agent/systems/"
          << system << "/" << system << "_quantities.cpp";
    }
    for (const Quantity& quantity : known) {
      const auto& of_all = run_quantities();
      const bool is_own = !is_described({quantity.where, std::string(quantity.name)}, of_all);
      if (!is_own) continue;
      EXPECT_TRUE(is_left(quantity, names)) << place_name(quantity.where) << " has no "
                                            << quantity.name << " in any run of this test";
    }
  }
}

TEST(Quantities, OfEveryRunAreThoseOfTheFilesThatAllHave) {
  const TemporaryFolder folder;
  const std::string map = folder.path("map.txt");
  std::ofstream(map) << "Wien Graz\nGraz Linz\nLinz Wels\nWels Steyr\nSteyr Enns\nEnns Melk\n";
  Words experiment = with({"grid.toml"}, kShortGrid);
  experiment.insert(experiment.end(),
                    {"grid.policy=\"threshold\"", "run.agents=7", "graph.kind=edge_file",
                     "graph.file=" + map, "faults=[{kind=\"delay\",rounds=2,process=0}]"});
  std::erase_if(experiment, [](const auto& word) { return word.starts_with("grid.training"); });
  Names names = names_of(
      {experiment, with({"offload.toml"}, kShortDcc), with({"patrol.toml"}, kShortPatrol)}, folder);
  const std::string sweep = folder.path("sweep");
  output_of({"sweep", "--over", "grid.fixed_lambda=0,1,many", "--seeds", "2", "--out", sweep},
            {"grid-fixed.toml", "grid.hours=50", "grid.policy=\"threshold\""}, folder.path());
  add_header(fs::path(sweep) / "table.csv", Where::sweep_cell, names);
  add_header(fs::path(sweep) / "cells.csv", Where::sweep_point, names);
  for (const Quantity& quantity : run_quantities()) {
    EXPECT_TRUE(is_left(quantity, names)) << place_name(quantity.where) << ": " << quantity.name;
  }
  for (const auto& [where, column] : names) {
    if (where != Where::sweep_cell || column.find('.') != std::string::npos) continue;
    if (column == "seed" || column == "met" || column == "digest" || column == "impossible") {
      continue;
    }
    const std::string metric = column.substr(0, column.rfind("_most"));
    EXPECT_TRUE(is_described({Where::metric, metric}, quantities_of(systems(), "grid"))) << column;
  }
}

TEST(Quantities, AreDescribedOnceInOneLine) {
  std::vector<std::vector<Quantity>> tables;
  for (const SystemEntry& entry : systems()) tables.push_back(quantities_of(systems(), entry.name));
  for (const auto& table : tables) {
    Names seen;
    for (const Quantity& one : table) {
      SCOPED_TRACE(std::string(place_name(one.where)) + ": " + std::string(one.name));
      EXPECT_TRUE(seen.emplace(one.where, one.name).second) << "twice";
      EXPECT_FALSE(one.unit.empty());
      EXPECT_GT(one.meaning.size(), 2u);
      EXPECT_EQ(one.meaning.find('\n'), std::string_view::npos);
    }
  }
}

TEST(Quantities, MayHaveAPartToFillIn) {
  const Quantity zone{Where::constraint, "zone_<zone>_late", "1", "x"};
  EXPECT_TRUE(is_called(zone, "zone_12_late"));
  EXPECT_FALSE(is_called(zone, "zone__late"));
  EXPECT_FALSE(is_called(zone, "zone_12"));
  EXPECT_FALSE(is_called(zone, "a_zone_12_late"));
  EXPECT_FALSE(is_called({Where::constraint, "cost", "$", "x"}, "costs"));
}

}  // namespace
}  // namespace tacit
