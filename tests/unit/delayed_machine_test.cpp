// Goal: a link with a delay of d brings in round k + 1 what was given in round k - d, says so,
// brings nothing before there was anything, and what is under way survives a checkpoint.
#include "common/round/delayed_machine.h"

#include <gtest/gtest.h>

#include <array>

#include "common/base/payload.h"
#include "common/simulation/lockstep.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

constexpr Round kRounds = 20;

/// Sends its round to both others in all rounds but every fourth, and writes down what it hears.
class Diary final : public Machine {
 public:
  explicit Diary(std::size_t self) {
    for (std::size_t i = 0; i < 3; ++i) {
      if (i != self) others_.push_back(process_id(i));
    }
  }
  Arcs arcs(Round round) const override {
    if (round < 0 || round >= kRounds || round % 4 == 3) return {};
    return {others_, others_};
  }
  void on_round(const RoundInput& input, RoundOutput& output) override {
    for (const Received& received : input.inbox) {
      const double given = unpack<1>(received.payload)->front();
      EXPECT_EQ(given, static_cast<double>(received.sent));
      heard.push_back({input.round, static_cast<Round>(index_of(received.from)), received.sent});
    }
    output.send_all(pack<1>({static_cast<double>(input.round)}));
  }
  void save(CheckpointWriter& writer) const override { writer.values(heard); }
  void restore(CheckpointReader& reader) override { reader.values(heard); }
  Result result() const override { return {}; }

  std::vector<std::array<Round, 3>> heard;  ///< in which round, of whom, given in which round

 private:
  std::vector<ProcessId> others_;
};

/// Between 0 and 1: two rounds, from round 4 on.
const LinkDelays kDelays({{process_id(1), process_id(0), {4, 1000}, 2}});

struct DelayedRun {
  DelayedRun() {
    for (std::size_t i = 0; i < 3; ++i) {
      auto diary = std::make_unique<Diary>(i);
      diaries.push_back(diary.get());
      machines.push_back(
          std::make_unique<DelayedMachine>(process_id(i), std::move(diary), kDelays));
    }
  }
  std::vector<Machine*> pointers() const {
    std::vector<Machine*> all;
    for (const auto& machine : machines) all.push_back(machine.get());
    return all;
  }
  std::vector<Diary*> diaries;
  std::vector<std::unique_ptr<Machine>> machines;
};

TEST(DelayedMachine, BringsWhatWasGivenThatLongAgo) {
  const testing::CoinLinks links(1.0);
  DelayedRun run;
  Lockstep lockstep(run.pointers(), links, [](ProcessId, Round, std::span<const Sample>) {});
  lockstep.run(0, kRounds, 1);
  std::vector<std::array<Round, 3>> expected;
  for (Round round = 1; round <= kRounds; ++round) {
    const Round sent = round - 1;
    if (sent % 4 == 3) continue;
    const Round given = sent < 4 ? sent : sent - 2;
    if (given % 4 != 3) expected.push_back({round, 1, given});
    expected.push_back({round, 2, sent});
  }
  EXPECT_EQ(run.diaries[0]->heard, expected);
}

TEST(DelayedMachine, WhatIsUnderWaySurvivesACheckpoint) {
  const testing::CoinLinks links(1.0);
  for (Round at = 0; at < kRounds; ++at) {
    SCOPED_TRACE(::testing::Message() << "round=" << at);
    DelayedRun run;
    Lockstep lockstep(run.pointers(), links, [](ProcessId, Round, std::span<const Sample>) {});
    lockstep.run(0, at, 1);
    for (const auto& machine : run.machines) {
      CheckpointWriter writer;
      machine->save(writer);
      CheckpointReader reader(writer.bytes());
      machine->restore(reader);
      EXPECT_TRUE(reader.at_end());
      CheckpointWriter again;
      machine->save(again);
      EXPECT_TRUE(std::ranges::equal(writer.bytes(), again.bytes()));
    }
    lockstep.run(at + 1, kRounds, 1);
    DelayedRun whole;
    Lockstep other(whole.pointers(), links, [](ProcessId, Round, std::span<const Sample>) {});
    other.run(0, kRounds, 1);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(lockstep.digest(process_id(i)), other.digest(process_id(i)));
    }
  }
}

}  // namespace
}  // namespace tacit
