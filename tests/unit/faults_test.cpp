// Goal: faults.csv says what was planned and what came of it, whoever was killed while writing it.
#include "common/results/faults.h"

#include <gtest/gtest.h>

#include <fstream>

#include "common/base/error.h"
#include "common/experiment/link_faults.h"
#include "common/experiment/planned_failures.h"
#include "common/graph/generators.h"
#include "common/process/planned_faults.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

constexpr Round kRounds = 100;

std::vector<FaultRecord> planned(const std::string& faults) {
  const auto document = ConfigDocument::parse("", "test", {"faults=[" + faults + "]"});
  auto records = records_of(read_fault_plan(document.root(), 3, kRounds), 3);
  const auto links = records_of(read_link_faults(document.root(), line_graph(2)), kRounds);
  records.insert(records.end(), links.begin(), links.end());
  return records;
}

TEST(Faults, PlansAreRecordsOfEveryProcessAndLink) {
  const std::vector<FaultRecord> expected{
      {"kill", "exchange", "0", 7, {}, 1},     {"kill", "exchange", "1", 7, {}, 1},
      {"kill", "exchange", "2", 7, {}, 1},     {"kill", "end", "2", 0, {}, 1},
      {"pause", "training", "1", 3, {}, 1},    {"corrupt", "", "2", {}, {}, 0},
      {"outage", "", "0-1", 90, 90, 11},       {"partition", "", "0|1", 101, {}, 0},
      {"delay", "", "all", 0, 0, kRounds + 1},
  };
  EXPECT_EQ(planned("{kind='kill',round=7},{kind='kill',process=2,phase='end'},"
                    "{kind='pause',process=1,phase='training',from=3,to=9,length_ms=1},"
                    "{kind='corrupt',process=2,probability=0.1},"
                    "{kind='outage',link=[0,1],from=90,to=200},"
                    "{kind='partition',groups=[[0],[1]],from=101,to=102},"
                    "{kind='delay',rounds=2}"),
            expected);
}

TEST(Faults, WhatHappenedMeetsItsPlan) {
  const FaultRecord first{"kill", "exchange", "0", 7, {}, 1};
  const FaultRecord never{"kill", "exchange", "1", 7, {}, 1};
  FaultRecord done = first;
  done.applied = 7;
  const FaultRecord restart{"restart", "exchange", "0", 7, 7, 1};
  const std::vector<FaultRecord> applied{done, restart, done};
  const std::vector<FaultRecord> expected{done, never, done, restart};
  EXPECT_EQ(merge_faults({first, never, first}, applied), expected);
}

TEST(Faults, NamesOfAgentsStandInAColumnOfTheirOwn) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.path("faults.csv");
  const std::vector<FaultRecord> faults{{"kill", "end", "1", 0, 0, 1},
                                        {"outage", "", "0-1", 9, {}, 1},
                                        {"partition", "", "0 1|2 12", 9, {}, 1},
                                        {"corrupt", "", "all", {}, {}, 1}};
  write_faults(file, faults,
               std::make_shared<const std::vector<std::string>>(
                   std::vector<std::string>{"Wien", "Graz", "St. \"7\""}));
  EXPECT_EQ(testing::text_of(file),
            "kind,phase,target,planned_round,applied_round,count,target_name\n"
            "kill,end,1,0,0,1,\"Graz\"\n"
            "outage,,0-1,9,,1,\"Wien-Graz\"\n"
            "partition,,0 1|2 12,9,,1,\"Wien Graz|St. \"\"7\"\" 12\"\n"
            "corrupt,,all,,,1,\"all\"\n");
  EXPECT_EQ(read_faults(file), faults);
}

TEST(Faults, LinesAreReadAsTheyWereAddedAndBadOnesRefused) {
  const testing::TemporaryFolder folder;
  const std::string file = folder.path("faults.csv");
  EXPECT_TRUE(read_faults(file).empty());
  const std::vector<FaultRecord> faults{{"kill", "end", "3", 0, 0, 1},
                                        {"duplicate", "", "0", {}, 12, 345},
                                        {"pause", "exchange", "1", 9, {}, 1}};
  for (const FaultRecord& fault : faults) append_fault(file, fault);
  EXPECT_EQ(read_faults(file), faults);
  write_faults(file, faults);
  EXPECT_EQ(read_faults(file), faults);
  std::ofstream(file, std::ios::app) << "kill,end,3,0";  // its writer died
  EXPECT_EQ(read_faults(file), faults);
  std::ofstream(folder.path("begun"));
  EXPECT_TRUE(read_faults(folder.path("begun")).empty());
  write_faults(file, faults);
  std::ofstream(file, std::ios::app) << "kill,end,3,0,x,1\n";
  try {
    read_faults(file);
    FAIL() << "took x for a round";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_data);
    EXPECT_NE(std::string(error.what()).find("faults.csv:5"), std::string::npos) << error.what();
  }
}

TEST(Faults, WhoComesBackKnowsWhatIsDone) {
  const testing::TemporaryFolder folder;
  const auto document = ConfigDocument::parse(
      "", "test",
      {"faults=[{kind='kill',process=1,round=5,restart_after_ms=70},"
       "{kind='kill',process=1,round=5},{kind='kill',process=1,round=8},"
       "{kind='pause',process=1,round=6,length_ms=1},{kind='kill',process=0,round=4}]"});
  const FaultPlan plan = read_fault_plan(document.root(), 3, kRounds);
  const auto next = [&] { return PlannedFaults(plan, process_id(1), folder.path()); };
  EXPECT_FALSE(next().expects(FaultPhase::exchange, 4)) << "that of another process";
  EXPECT_TRUE(next().expects(FaultPhase::exchange, 5));

  append_fault(folder.path("faults.csv"), {"kill", "exchange", "1", 5, 5});
  const PlannedFaults second = next();
  EXPECT_EQ(second.absence().count(), 70);
  EXPECT_TRUE(second.expects(FaultPhase::exchange, 5)) << "planned twice";
  EXPECT_EQ(read_faults(folder.path("faults.csv")).back().kind, "restart");
  EXPECT_EQ(next().absence().count(), 0) << "it came back long ago";

  append_fault(folder.path("faults.csv"), {"kill", "exchange", "1", 5, 5});
  append_fault(folder.path("faults.csv"), {"pause", "exchange", "1", 6, 6});
  const PlannedFaults third = next();
  EXPECT_FALSE(third.expects(FaultPhase::exchange, 5));
  EXPECT_FALSE(third.expects(FaultPhase::exchange, 6));
  EXPECT_TRUE(third.expects(FaultPhase::exchange, 8));
}

TEST(Faults, APauseStopsTheProcessAndWakesIt) {
  const testing::TemporaryFolder folder;
  const auto document = ConfigDocument::parse(
      "", "test", {"faults=[{kind='pause',process=0,from=2,to=4,length_ms=300}]"});
  const FaultPlan plan = read_fault_plan(document.root(), 1, kRounds);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    PlannedFaults faults(plan, process_id(0), folder.path());
    for (Round round = 0; round < 5; ++round) faults.happen(FaultPhase::exchange, round);
    _exit(waitpid(-1, nullptr, WNOHANG) == -1 ? 0 : 1);
  }
  int stops = 0;
  int outcome = 0;
  while (waitpid(child, &outcome, WUNTRACED) == child && WIFSTOPPED(outcome)) ++stops;
  EXPECT_EQ(stops, 2);
  EXPECT_TRUE(WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0) << "a child of it is left";
  EXPECT_EQ(read_faults(folder.path("faults.csv")).size(), 1u) << "once for all rounds";
}

}  // namespace
}  // namespace tacit
