// Goal: plans of failures are random, whole and repeatable; what an experiment plans is read as
// written; a failing plan is reduced to what it needs.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "common/base/error.h"
#include "common/experiment/planned_failures.h"
#include "deploy/cli/chaos/plan.h"

namespace tacit {
namespace {

constexpr ChaosShape kShape{.agent_count = 6,
                            .process_count = 7,
                            .round_count = 200,
                            .fault_count = 20,
                            .has_partitions = true,
                            .real_processes = false};

FaultPlan read(const std::vector<std::string>& overrides) {
  const auto document = ConfigDocument::parse("", "test", overrides);
  return read_fault_plan(document.root(), kShape.process_count, kShape.round_count);
}

std::string refusal_of(const std::string& faults) {
  try {
    read({"faults=[" + faults + "]"});
    return {};
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    return error.what();
  }
}

TEST(ChaosPlan, EveryPlanCanBeReadAndTheyHaveEverything) {
  std::map<std::string, int> kinds;
  std::map<FaultPhase, int> phases;
  int kills_of_all = 0;
  int kills_with_absence = 0;
  std::set<std::string> different;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const ChaosPlan plan = draw_chaos_plan(kShape, seed);
    const std::string text = override_of(plan);
    EXPECT_EQ(text, override_of(draw_chaos_plan(kShape, seed)));
    EXPECT_TRUE(different.insert(text).second);
    const FaultPlan faults = read({text});
    for (const ChaosEntry& entry : plan) ++kinds[entry.kind];
    for (const PlannedKill& kill : faults.kills) {
      ++phases[kill.phase];
      if (!kill.process) ++kills_of_all;
      if (kill.restart_after.count() > 0) ++kills_with_absence;
    }
  }
  for (const char* const kind : {"kill", "pause", "partition", "duplicate", "corrupt"}) {
    EXPECT_GT(kinds[kind], 100) << kind;
  }
  EXPECT_EQ(phases.size(), 5u);
  EXPECT_GT(kills_with_absence, 80);
  EXPECT_GT(kills_of_all, 80);
}

TEST(ChaosPlan, RealProcessesAreNotKilledAllAtOnce) {
  ChaosShape shape = kShape;
  shape.real_processes = true;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    for (const PlannedKill& kill : read({override_of(draw_chaos_plan(shape, seed))}).kills) {
      EXPECT_TRUE(kill.process);
    }
  }
}

TEST(ChaosPlan, FaultsAreReadAsWrittenOrRefused) {
  const FaultPlan plan =
      read({"faults=[{kind=\"duplicate\",probability=0.25},"
            "{kind=\"corrupt\",process=3,probability=0.5},{kind=\"kill\",round=7}]"});
  EXPECT_EQ(plan.packet_faults_of(process_id(2)).duplicate_probability, 0.25);
  EXPECT_EQ(plan.packet_faults_of(process_id(2)).corrupt_probability, 0);
  EXPECT_EQ(plan.packet_faults_of(process_id(3)).corrupt_probability, 0.5);
  ASSERT_EQ(plan.kills.size(), 1u);
  EXPECT_FALSE(plan.kills[0].process);
  EXPECT_NE(refusal_of("{kind=\"corrupt\"}").find("probability"), std::string::npos);
  EXPECT_NE(refusal_of("{kind=\"corrupt\",probability=1.5}").find("probability"),
            std::string::npos);
  EXPECT_NE(refusal_of("{kind=\"kill\",phase=\"end\"}").find("process"), std::string::npos);
  EXPECT_NE(refusal_of("{kind=\"pause\",round=1,length_ms=5}").find("process"), std::string::npos);
  EXPECT_NE(refusal_of("{kind=\"kill\",process=7,round=1}").find("process"), std::string::npos);
}

TEST(ChaosPlan, ShrinksToWhatTheFailureNeeds) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const ChaosPlan plan = draw_chaos_plan(kShape, seed);
    const std::set<std::string> needed{plan[1].table, plan[plan.size() - 2].table};
    std::size_t attempts = 0;
    const auto fails = [&](const ChaosPlan& less) {
      ++attempts;
      std::set<std::string> there;
      for (const ChaosEntry& entry : less) there.insert(entry.table);
      return std::ranges::includes(there, needed);
    };
    EXPECT_EQ(shrink(plan, fails, 200).size(), needed.size());
    EXPECT_LE(attempts, 200u);
    EXPECT_EQ(shrink(plan, fails, 0).size(), plan.size());
  }
}

}  // namespace
}  // namespace tacit
