// Goal: a program that is killed comes back at once, then later and later; whoever dies again and
// again gets nowhere and is given up, and whoever gets further is not. Method: invented times.
#include "deploy/cli/restart_budget.h"

#include <gtest/gtest.h>

namespace tacit {
namespace {

using std::chrono::milliseconds;

class RestartBudgetTest : public ::testing::Test {
 protected:
  /// Starts it and kills it `life` later. @return the pause, -1 if it is given up
  long long pause_after(milliseconds life) {
    budget.started(now);
    now += life;
    const auto pause = budget.pause_after_death(now);
    return pause ? pause->count() : -1;
  }

  RestartBudget budget;
  RestartBudget::TimePoint now{};
};

TEST_F(RestartBudgetTest, PausesGrowUpToABoundAndTheEleventhDeathIsTheLast) {
  for (const long long pause : {0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000, -1}) {
    EXPECT_EQ(pause_after(milliseconds(10)), pause) << budget.deaths() << " deaths";
  }
}

TEST_F(RestartBudgetTest, ProgressFillsItAgain) {
  for (int death = 0; death < 100; ++death) {
    EXPECT_EQ(pause_after(milliseconds(10)), death % 5 == 0 ? 0 : 50 << (death % 5));
    if (death % 5 == 4) budget.got_further();
  }
}

TEST_F(RestartBudgetTest, ALongLifeIsProgress) {
  for (int death = 0; death < 100; ++death) EXPECT_EQ(pause_after(kLongLife), 0);
  EXPECT_EQ(pause_after(kLongLife - milliseconds(1)), 100);
}

}  // namespace
}  // namespace tacit
