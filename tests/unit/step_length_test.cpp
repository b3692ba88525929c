// Goal: a run in one process looks at the clock and for signals several times a second, whatever a
// round takes. Method: invented times of rounds.
#include "deploy/cli/step_length.h"

#include <gtest/gtest.h>

namespace tacit {
namespace {

using Seconds = std::chrono::duration<double>;

/// Goes on for `rounds` rounds. @return how long the longest step took
Seconds go_on(StepLength& step, Round rounds, Seconds each) {
  Seconds longest{0};
  for (Round done = 0; done < rounds; done += step.rounds()) {
    const Seconds time = static_cast<double>(step.rounds()) * each;
    longest = std::max(longest, time);
    step.took(time);
  }
  return longest;
}

TEST(StepLength, IsATenthOfASecondWhateverARoundTakes) {
  for (const double each : {1e-7, 1e-5, 1e-3, 0.03}) {
    StepLength step(10'000'000);
    EXPECT_LT(go_on(step, 10'000'000, Seconds(each)).count(), 0.11) << each;
    EXPECT_GT(static_cast<double>(step.rounds()) * each, 0.05) << each;
  }
}

TEST(StepLength, IsOneRoundIfThatTakesLongAndGrowsAgain) {
  StepLength step(1000);
  go_on(step, 10'000, Seconds(1e-4));
  EXPECT_EQ(step.rounds(), 1000);
  step.took(Seconds(60));
  EXPECT_EQ(step.rounds(), 1);
  go_on(step, 10'000, Seconds(0));
  EXPECT_EQ(step.rounds(), 1000) << "and no more than it may";
}

}  // namespace
}  // namespace tacit
