#include "agent/systems/locomotion/plant/plant_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "agent/systems/locomotion/plant/simulation.h"
#include "common/base/error.h"
#include "tests/support/state_hash.h"

namespace tacit {
namespace {

Received from_agent(std::uint32_t agent, std::span<const std::byte> payload) {
  return {process_id(agent), 1, payload};
}

// Goal: every round has its place. Method: the schedule, played out stage by stage, for all small
// shapes.
TEST(RolloutSchedule, PlaysOutStageByStage) {
  for (Round hops = 0; hops <= 3; ++hops) {
    for (Round steps = 1; steps <= 4; ++steps) {
      for (Round updates = 0; updates <= 3; ++updates) {
        SCOPED_TRACE(::testing::Message()
                     << hops << " hops, " << steps << " steps, " << updates << " updates");
        const RolloutSchedule schedule({hops, steps, updates, 3});
        Round round = 0;
        const auto expect = [&](Stage stage, Round step, Round index) {
          const RolloutPlace place = schedule.at(round++);
          EXPECT_EQ(place.stage, stage) << round - 1;
          EXPECT_EQ(place.step, step) << round - 1;
          EXPECT_EQ(place.index, index) << round - 1;
        };
        for (Round step = 0; step <= 3 * steps; ++step) {
          EXPECT_EQ(schedule.round_of_plant(step), round);
          expect(Stage::plant, step, 0);
          for (Round hop = 0; hop < hops; ++hop) expect(Stage::relay, step, hop);
          EXPECT_EQ(schedule.ends_iteration(step), step > 0 && step % steps == 0);
          if (step > 0 && step % steps == 0) {
            for (Round k = 0; k < updates; ++k) expect(Stage::update, step, k);
          }
          EXPECT_EQ(schedule.round_of_act(step), round);
          expect(Stage::act, step, 0);
        }
        EXPECT_EQ(schedule.round_count(), round - 1);
      }
    }
  }
}

TEST(RolloutSchedule, WhatIsOutOfRangeIsRefused) {
  EXPECT_THROW(RolloutSchedule({-1, 1, 0, 1}), InputError);
  EXPECT_THROW(RolloutSchedule({0, 0, 0, 1}), InputError);
  EXPECT_THROW(RolloutSchedule({0, 1, -1, 1}), InputError);
  EXPECT_THROW(RolloutSchedule({0, 1, 0, 0}), InputError);
}

PlantReport some_report() {
  PlantReport report = make_report(3, 2);
  report.observation = {1, 2, 3, 4, 5, 6};
  report.reward = {7, 8, 9};
  report.cost = {0, 1, 0};
  report.end = {EpisodeEnd::none, EpisodeEnd::truncated, EpisodeEnd::terminated};
  report.last_observation = {0, 0, 10, 11, 12, 13};
  return report;
}

TEST(PlantExchange, ReportsArriveAsTheyWereSent) {
  const PlantReport sent = some_report();
  const std::vector<std::byte> frame = pack_report(sent);
  EXPECT_EQ(frame.size(), 4 * (6 + 3 + 3) + 3 + 4 * 4U);
  PlantReport read = make_report(3, 2);
  read_report(from_agent(6, frame), read);
  EXPECT_EQ(read.observation, sent.observation);
  EXPECT_EQ(read.reward, sent.reward);
  EXPECT_EQ(read.cost, sent.cost);
  EXPECT_EQ(read.end, sent.end);
  EXPECT_EQ(read.last_observation, sent.last_observation);
}

// Goal: no bytes of a peer are believed. Method: every shorter frame, a longer one, and each number
// in turn replaced by one that is not finite; the message names the sender.
TEST(PlantExchange, DamagedFramesAreRefused) {
  const std::vector<std::byte> frame = pack_report(some_report());
  PlantReport read = make_report(3, 2);
  const auto refuse = [&](std::span<const std::byte> payload) {
    try {
      read_report(from_agent(6, payload), read);
      ADD_FAILURE() << "a damaged report was read";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::peer_lost);
      EXPECT_NE(std::string(error.what()).find("process 6"), std::string::npos);
    }
  };
  for (std::size_t size = 0; size < frame.size(); ++size) refuse(std::span(frame).first(size));
  std::vector<std::byte> damaged = frame;
  damaged.push_back(std::byte{0});
  refuse(damaged);
  const float bad = std::numeric_limits<float>::infinity();
  for (std::size_t offset = 0; offset < frame.size(); offset += 4) {
    if (offset == 48) offset += 3;  // the ends of three copies, behind twelve numbers
    damaged = frame;
    std::memcpy(damaged.data() + offset, &bad, sizeof(bad));
    refuse(damaged);
  }
  damaged = frame;
  damaged[49] = std::byte{3};
  refuse(damaged);
}

TEST(PlantExchange, ActionsAreFiniteAndBounded) {
  std::vector<float> read(2);
  const std::vector<float> sent = {-1e6F, 0.5F};
  read_actions(from_agent(2, pack_actions(sent)), read);
  EXPECT_EQ(read, sent);
  EXPECT_THROW(read_actions(from_agent(2, pack_actions(sent).first(4)), read), InputError);
  for (const float bad : {1.1e6F, -1.1e6F, std::nanf(""), -HUGE_VALF}) {
    const std::vector<float> actions = {0.0F, bad};
    EXPECT_THROW(read_actions(from_agent(2, pack_actions(actions)), read), InputError) << bad;
  }
}

class PlantServerRounds : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_mujoco()) GTEST_SKIP() << "this build has no MuJoCo: install libmujoco-dev";
  }

  PlantServer server() const { return {task_, {.copy_count = 2, .seed = 9}, schedule_}; }

  /// One round with the same actions of all agents.
  void play(PlantServer& server, Round round, float action) {
    const bool is_heard = round > 0 && schedule_.at(round - 1).stage == Stage::act;
    const std::vector<float> actions(4, action);
    std::vector<Received> inbox;
    for (std::uint32_t i = 0; is_heard && i < 6; ++i) {
      inbox.push_back(from_agent(i, pack_actions(actions)));
    }
    output_.clear();
    server.on_round({round, inbox}, output_);
  }

  const Task task_ = make_task({.name = "mini"});
  const RolloutSchedule schedule_{{2, 3, 2, 2}};
  RoundOutput output_;
};

TEST_F(PlantServerRounds, ArcsFollowTheStages) {
  const PlantServer server = this->server();
  for (Round round = 0; round < schedule_.round_count(); ++round) {
    const Stage stage = schedule_.at(round).stage;
    EXPECT_EQ(server.arcs(round).to.size(), stage == Stage::plant ? 6U : 0U) << round;
    EXPECT_EQ(server.arcs(round).from.size(), stage == Stage::act ? 6U : 0U) << round;
  }
  EXPECT_TRUE(server.arcs(schedule_.round_count()).from.empty());
}

// Goal: each agent is told its own and nothing else, and one row per iteration is recorded.
// Method: every agent's frame, read as that agent would, equals the report of a plant beside it.
TEST_F(PlantServerRounds, EveryAgentGetsItsOwnReport) {
  PlantServer server = this->server();
  Plant plant(task_, {.copy_count = 2, .seed = 9});
  const std::vector<std::vector<float>> actions(6, std::vector<float>(4, 0.7F));
  int row_count = 0;
  for (Round round = 0; round <= schedule_.round_count(); ++round) {
    play(server, round, 0.7F);
    const RolloutPlace place = schedule_.at(round);
    row_count += !output_.row().empty();
    if (place.stage != Stage::plant) continue;
    if (place.step > 0) plant.step(actions);
    for (std::uint32_t i = 0; i < 6; ++i) {
      PlantReport read = make_report(2, task_.agents[i].observation_count());
      read_report(from_agent(6, output_.payload_for(process_id(i))), read);
      EXPECT_EQ(read.observation, plant.report(i).observation) << round;
      EXPECT_EQ(read.reward, plant.report(i).reward) << round;
    }
  }
  EXPECT_EQ(row_count, 2);
  EXPECT_EQ(server.result().at("steps").front(), 12);
}

TEST_F(PlantServerRounds, RestoredAtAnyRoundItEndsTheSame) {
  // The last row of metrics too: it tells of an iteration that began before the cut.
  const auto finish = [&](PlantServer& server, Round first) {
    std::vector<double> row;
    for (Round round = first; round <= schedule_.round_count(); ++round) {
      play(server, round, 0.3F);
      if (!output_.row().empty()) row.clear();
      for (const Sample& sample : output_.row()) row.push_back(sample.value);
    }
    return std::pair{testing::state_hash(server), row};
  };
  PlantServer whole = server();
  const auto expected = finish(whole, 0);
  for (Round cut = 1; cut <= schedule_.round_of_plant(schedule_.last_step()); ++cut) {
    PlantServer before = server(), after = server();
    for (Round round = 0; round < cut; ++round) play(before, round, 0.3F);
    CheckpointWriter writer;
    before.save(writer);
    CheckpointReader reader(writer.bytes());
    after.restore(reader);
    EXPECT_EQ(finish(after, cut), expected) << cut;
  }
}

// Goal: where agents may know of all others, they are told in a message of its own, and by a
// restored plant too. Method: what agent 2 hears after every report, against the blocks of the
// reports of a plant beside it; the server is restored between report and message.
TEST_F(PlantServerRounds, TellsOfTheOthersWhereThatIsAllowed) {
  const RolloutSchedule schedule({.hop_count = 1, .step_count = 101, .tells_others = true});
  PlantServer server(task_, {.copy_count = 2, .seed = 9}, schedule);
  Plant plant(task_, {.copy_count = 2, .seed = 9});
  const std::vector<std::vector<float>> actions(6, std::vector<float>(4, 0.7F));
  for (Round step = 0; step <= 101; ++step) {
    std::vector<Received> inbox;
    for (std::uint32_t i = 0; step > 0 && i < 6; ++i) {
      inbox.push_back(from_agent(i, pack_actions(actions[i])));
    }
    output_.clear();
    server.on_round({schedule.round_of_plant(step), inbox}, output_);
    if (step > 0) plant.step(actions);

    CheckpointWriter writer;
    server.save(writer);
    CheckpointReader reader(writer.bytes());
    PlantServer restored(task_, {.copy_count = 2, .seed = 9}, schedule);
    restored.restore(reader);
    output_.clear();
    const Round told = schedule.round_of_plant(step) + 1;
    EXPECT_EQ(restored.arcs(told).to.size(), 6U);
    restored.on_round({told, {}}, output_);
    std::vector<float> expected;
    for (const std::uint32_t other : {0, 1, 3, 4, 5}) {
      const std::vector<float> block = told_block(plant.report(other), task_.told_count(other));
      expected.insert(expected.end(), block.begin(), block.end());
    }
    const auto payload = output_.payload_for(process_id(2));
    ASSERT_TRUE(std::ranges::equal(payload, std::as_bytes(std::span(expected)))) << step;
  }
}

// What a picture of the run needs, once the first episodes have ended.
TEST_F(PlantServerRounds, LeavesThePathsOfTheNewestEpisodes) {
  const RolloutSchedule schedule({0, 250, 0, 1});
  PlantServer server(task_, {.copy_count = 5, .seed = 9}, schedule);
  const std::vector<float> actions(10, 1.0F);
  std::vector<Received> inbox;
  for (std::uint32_t i = 0; i < 6; ++i) inbox.push_back(from_agent(i, pack_actions(actions)));
  for (Round round = 0; round <= schedule.round_count(); ++round) {
    output_.clear();
    const bool is_heard = round > 0 && schedule.at(round - 1).stage == Stage::act;
    server.on_round({round, is_heard ? std::span<const Received>(inbox) : std::span<Received>()},
                    output_);
  }
  const Result result = server.result();
  EXPECT_EQ(result.at("episodes").front(), 10);
  EXPECT_EQ(result.at("path_lengths"), (std::vector<double>{101, 101, 101}));
  EXPECT_EQ(result.at("path_x").size(), 303U);
  EXPECT_EQ(result.at("path_centre").size(), 303U);
  EXPECT_EQ(result.at("free_half_width").front(), 0.4);
}

}  // namespace
}  // namespace tacit
