// Goal: the digest of a process tells apart every two runs in which it heard or recorded something
// else, also when it ends in the same state.
#include "common/base/history.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace tacit {
namespace {

/// Forgets everything: its state says nothing of its history.
class Forgetful final : public Machine {
 public:
  Arcs arcs(Round) const override { return {}; }
  void on_round(const RoundInput&, RoundOutput&) override {}
  void save(CheckpointWriter&) const override {}
  void restore(CheckpointReader&) override {}
  Result result() const override { return {}; }
};

struct Heard {
  ProcessId from;
  double value;
};

struct PastRound {
  Round round;
  std::vector<Heard> heard;
  std::vector<double> row;
};

std::uint64_t digest_of(const std::vector<PastRound>& rounds) {
  History history;
  for (const PastRound& past : rounds) {
    std::vector<Received> inbox;
    for (const Heard& heard : past.heard) {
      const auto payload = std::as_bytes(std::span(&heard.value, 1));
      inbox.push_back({heard.from, past.round - 1, payload});
    }
    std::vector<Sample> row;
    for (const double value : past.row) row.push_back({"any", value});
    history.add({past.round, inbox}, row);
  }
  return history.digest_with(Forgetful());
}

std::vector<PastRound> two_rounds() {
  return {{1, {{process_id(0), 0.5}, {process_id(2), 1.5}}, {3, 4}},
          {2, {{process_id(0), 2.5}}, {}},
          {3, {}, {5}}};
}

TEST(History, EveryDifferenceCounts) {
  const std::vector<std::function<void(std::vector<PastRound>&)>> changes{
      [](auto&) {},
      [](auto& rounds) { rounds[0].heard[0].value = 0.25; },
      [](auto& rounds) { rounds[0].heard[1].from = process_id(1); },
      [](auto& rounds) { std::swap(rounds[0].heard[0].value, rounds[0].heard[1].value); },
      [](auto& rounds) { rounds[0].heard.pop_back(); },
      [](auto& rounds) { rounds[1].heard.clear(); },
      [](auto& rounds) { std::swap(rounds[1].heard, rounds[2].heard); },
      [](auto& rounds) { std::swap(rounds[0].heard, rounds[1].heard); },
      [](auto& rounds) { rounds[0].row[0] = -3; },
      [](auto& rounds) { std::swap(rounds[0].row[0], rounds[0].row[1]); },
      [](auto& rounds) { rounds[0].row.pop_back(); },
      [](auto& rounds) { rounds[2].row[0] = -0.0; },
      [](auto& rounds) { rounds[2].row[0] = 0; },
      [](auto& rounds) { std::swap(rounds[1].row, rounds[2].row); },
      [](auto& rounds) { rounds.pop_back(); },
      [](auto& rounds) { std::swap(rounds[0], rounds[1]); }};
  std::set<std::uint64_t> digests;
  for (const auto& change : changes) {
    auto rounds = two_rounds();
    change(rounds);
    digests.insert(digest_of(rounds));
  }
  EXPECT_EQ(digests.size(), changes.size());
}

TEST(History, AnEmptyFrameIsAFrame) {
  History with, without;
  const Received empty{process_id(1), 0, {}};
  with.add({1, {&empty, 1}}, {});
  without.add({1, {}}, {});
  EXPECT_NE(with.digest_with(Forgetful()), without.digest_with(Forgetful()));
}

}  // namespace
}  // namespace tacit
