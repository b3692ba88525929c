#include "common/protocol/dual_consensus.h"

#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "common/base/error.h"

namespace tacit {
namespace {

const std::vector<ProcessId> kNeighbours{process_id(1), process_id(4)};
const std::vector<double> kWeights{0.2, 0.3};

DualConsensus make(LostWeight lost_weight, double dual = 2) {
  DualConsensus consensus(kNeighbours, kWeights,
                          {.step = 0.5, .most = 10, .lost_weight = lost_weight});
  consensus.ascend(2 * dual);
  return consensus;
}

struct Frame {
  std::size_t from;
  double dual;
};

/// Round 7 with these frames.
void mix(DualConsensus& consensus, const std::vector<Frame>& frames) {
  std::vector<Received> inbox;
  for (const Frame& frame : frames) {
    inbox.push_back({process_id(frame.from), 6, std::as_bytes(std::span(&frame.dual, 1))});
  }
  consensus.mix({7, inbox});
}

TEST(DualConsensus, AscentIsClippedAtBothEnds) {
  DualConsensus consensus = make(LostWeight::to_self, 0);
  consensus.ascend(3);
  EXPECT_EQ(consensus.dual(), 1.5);
  consensus.ascend(-100);
  EXPECT_EQ(consensus.dual(), 0);
  consensus.ascend(100);
  EXPECT_EQ(consensus.dual(), 10);
}

TEST(DualConsensus, PullsTowardsWhatItHears) {
  for (const LostWeight lost_weight : {LostWeight::to_heard, LostWeight::to_self}) {
    DualConsensus consensus = make(lost_weight);
    mix(consensus, {{1, 7}, {4, 4}});
    EXPECT_DOUBLE_EQ(consensus.dual(), 2 + 0.2 * 5 + 0.3 * 2);
  }
}

TEST(DualConsensus, LostWeightGoesToTheHeardOrToItself) {
  DualConsensus to_heard = make(LostWeight::to_heard);
  mix(to_heard, {{4, 4}});
  EXPECT_DOUBLE_EQ(to_heard.dual(), 2 + 0.5 * 2);
  DualConsensus to_self = make(LostWeight::to_self);
  mix(to_self, {{4, 4}});
  EXPECT_DOUBLE_EQ(to_self.dual(), 2 + 0.3 * 2);
}

TEST(DualConsensus, KeepsItsDualIfItHearsNobody) {
  for (const LostWeight lost_weight : {LostWeight::to_heard, LostWeight::to_self}) {
    DualConsensus consensus = make(lost_weight);
    mix(consensus, {});
    EXPECT_EQ(consensus.dual(), 2);
  }
}

TEST(DualConsensus, ClipsWhatItHears) {
  DualConsensus consensus = make(LostWeight::to_self);
  mix(consensus, {{1, 1e9}, {4, -1e9}});
  EXPECT_DOUBLE_EQ(consensus.dual(), 2 + 0.2 * 8 - 0.3 * 2);
}

TEST(DualConsensus, RefusesWhatNoPeerCanHaveSentAndNamesTheSender) {
  const auto expect_refused = [](const std::vector<Frame>& frames, const std::string& part) {
    DualConsensus consensus = make(LostWeight::to_self);
    try {
      mix(consensus, frames);
      FAIL() << "accepted";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::peer_lost);
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
      EXPECT_EQ(consensus.dual(), 2) << "nothing changes before the frame is judged";
    }
  };
  expect_refused({{1, 3}, {4, std::numeric_limits<double>::quiet_NaN()}}, "process 4");
  expect_refused({{1, std::numeric_limits<double>::infinity()}}, "process 1");
  expect_refused({{2, 3}}, "process 2");
  DualConsensus consensus = make(LostWeight::to_self);
  const std::array<double, 2> two{1, 2};
  const Received received{process_id(1), 6, std::as_bytes(std::span(two))};
  EXPECT_THROW(consensus.mix({7, {&received, 1}}), InputError);
}

TEST(DualConsensus, RefusesImpossibleConfigurations) {
  const auto make_with = [](std::vector<double> weights, double step, double most) {
    DualConsensus(kNeighbours, weights, {step, most, LostWeight::to_self});
  };
  EXPECT_THROW(make_with({0.2}, 1, 1), std::invalid_argument);
  EXPECT_THROW(make_with({-0.1, 0.2}, 1, 1), std::invalid_argument);
  EXPECT_THROW(make_with({0.6, 0.6}, 1, 1), std::invalid_argument);
  EXPECT_THROW(make_with({0.2, 0.2}, 0, 1), std::invalid_argument);
  EXPECT_THROW(make_with({0.2, 0.2}, 1, 0), std::invalid_argument);
  EXPECT_NO_THROW(make_with({0.5, 0.5}, 1, 1));
}

}  // namespace
}  // namespace tacit
