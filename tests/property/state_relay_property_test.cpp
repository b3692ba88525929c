// Who hears what of whom when states are flooded over random graphs whose links fail.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>

#include "agent/systems/locomotion/state_relay.h"
#include "common/graph/generators.h"
#include "common/graph/metrics.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

using testing::CoinLinks;

constexpr std::size_t kColumns = 2;
constexpr std::size_t kHeaderBytes = 4;

/// Agents that relay over a graph, exchange by exchange.
class RelayTeam {
 public:
  RelayTeam(const Graph& graph, std::size_t hop_count, bool delayed, const LinkModel& links)
      : graph_(graph), hop_count_(hop_count), delayed_(delayed), links_(links) {
    for (std::size_t i = 0; i < graph.node_count(); ++i) relays_.push_back(make(i));
  }

  std::unique_ptr<StateRelay> make(std::size_t i) const {
    const auto neighbours = graph_.neighbours(process_id(i));
    StateRelay::Config config{
        process_id(i), {neighbours.begin(), neighbours.end()}, {}, hop_count_, delayed_};
    for (std::size_t j = 0; j < graph_.node_count(); ++j) config.rows.push_back(1 + j % 3);
    return std::make_unique<StateRelay>(std::move(config));
  }

  /// What agent j says of a step.
  static std::vector<float> state(std::size_t j, Round step) {
    std::vector<float> numbers;
    for (std::size_t k = 0; k < kColumns * (1 + j % 3); ++k) {
      numbers.push_back(static_cast<float>(1000 * step + 10 * static_cast<Round>(j)) +
                        static_cast<float>(k));
    }
    return numbers;
  }

  /// All exchanges of a step after which its states are known. Delayed: the exchange of the step
  /// before comes first.
  void step() {
    ++step_;
    if (delayed_ && step_ > 0) exchange();
    for (std::size_t i = 0; i < relays_.size(); ++i) {
      relays_[i]->begin(kColumns, state(i, step_));
    }
    for (std::size_t h = 0; h < hop_count_ && !delayed_; ++h) exchange();
  }

  /// Exchanges every relay for a fresh one with its saved state.
  void restart() {
    for (std::size_t i = 0; i < relays_.size(); ++i) {
      CheckpointWriter writer;
      relays_[i]->save(writer);
      CheckpointReader reader(writer.bytes());
      relays_[i] = make(i);
      relays_[i]->restore(reader);
      EXPECT_TRUE(reader.at_end());
    }
  }

  const StateRelay& operator[](std::size_t i) const { return *relays_[i]; }
  std::size_t bytes() const { return bytes_; }
  Round step_count() const { return step_ + 1; }

 private:
  void exchange() {
    std::vector<RoundOutput> outputs(relays_.size());
    for (std::size_t i = 0; i < relays_.size(); ++i) relays_[i]->send(outputs[i]);
    for (std::size_t i = 0; i < relays_.size(); ++i) {
      for (const ProcessId from : graph_.neighbours(process_id(i))) {
        if (!links_.sends({from, process_id(i)}, round_)) continue;
        const auto payload = outputs[index_of(from)].payload_for(process_id(i));
        bytes_ += payload.size();
        relays_[i]->hear({from, round_, payload});
      }
    }
    ++round_;
  }

  const Graph& graph_;
  std::size_t hop_count_;
  bool delayed_;
  const LinkModel& links_;
  std::vector<std::unique_ptr<StateRelay>> relays_;
  Round step_ = -1;
  Round round_ = 0;
  std::size_t bytes_ = 0;
};

struct Setting {
  Graph graph;
  std::size_t hop_count;
};

Setting draw_setting(std::uint64_t seed) {
  RandomStream stream(seed, process_id(0), purpose("test.state_relay"), 0);
  const auto draw = [&](std::uint64_t count) {
    std::uint64_t word = stream();
    return static_cast<std::size_t>(split_off(word, count));
  };
  const std::size_t nodes = 2 + draw(10);
  Graph graph = draw(2) == 0 ? line_graph(nodes) : erdos_renyi_graph(nodes, 0.5, seed);
  return {std::move(graph), draw(nodes + 1)};
}

// Goal: without failures an agent knows exactly those within K hops, each with the state of the
// step (at once) or of d steps ago (delayed), d by breadth-first search.
TEST(StateRelayProperty, KnowsWhoIsWithinKHopsAndSinceWhen) {
  const CoinLinks links(1.0);
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    const Setting setting = draw_setting(seed);
    const auto [graph, hop_count] = setting;
    for (const bool delayed : {false, true}) {
      RelayTeam team(graph, hop_count, delayed, links);
      const Round steps = static_cast<Round>(graph.node_count()) + 2;
      for (Round step = 0; step < steps; ++step) team.step();
      for (std::size_t i = 0; i < graph.node_count(); ++i) {
        const std::vector<std::size_t> hops = hop_counts(graph, process_id(i));
        for (std::size_t j = 0; j < graph.node_count(); ++j) {
          const Round age = team[i].age(process_id(j));
          if (hops[j] > hop_count) {
            ASSERT_EQ(age, -1) << i << " of " << j;
            continue;
          }
          ASSERT_EQ(age, delayed ? static_cast<Round>(hops[j]) : 0) << i << " of " << j;
          const auto block = team[i].block(process_id(j));
          ASSERT_EQ(std::vector(block.begin(), block.end()), RelayTeam::state(j, steps - 1 - age));
        }
      }
    }
  }
}

/// The same flood seen from above, without any messages: all that is newer than what somebody
/// knows goes on, in all directions, once.
class FloodFromAbove {
 public:
  FloodFromAbove(const Setting& setting, bool delayed, const LinkModel& links)
      : setting_(setting), delayed_(delayed), links_(links) {}

  void step() {
    ++step_;
    if (delayed_ && step_ > 0) exchange();
    for (std::size_t i = 0; i < setting_.graph.node_count(); ++i) {
      newest[{i, i}] = step_;
      fronts_[{i, i}] = {step_, 0};
    }
    for (std::size_t h = 0; h < setting_.hop_count && !delayed_; ++h) exchange();
    if (!delayed_) fronts_.clear();
  }

  std::map<std::pair<std::size_t, std::size_t>, Round> newest;  ///< by (who knows, of whom)

 private:
  struct Front {
    Round step;
    std::size_t hops;
  };

  void exchange() {
    decltype(fronts_) next;
    for (const auto& [key, front] : fronts_) {
      const auto [holder, origin] = key;
      if (front.hops == setting_.hop_count) continue;
      for (const ProcessId to : setting_.graph.neighbours(process_id(holder))) {
        if (!links_.sends({process_id(holder), to}, round_)) continue;
        const std::pair place(index_of(to), origin);
        const auto known = newest.find(place);
        if (known != newest.end() && known->second >= front.step) continue;
        newest[place] = front.step;
        next[place] = {front.step, front.hops + 1};
      }
    }
    fronts_ = next;
    ++round_;
  }

  const Setting& setting_;
  bool delayed_;
  const LinkModel& links_;
  std::map<std::pair<std::size_t, std::size_t>, Front> fronts_;
  Round step_ = -1;
  Round round_ = 0;
};

// Goal: with links that fail, and with relays that are restored in between, an agent knows of
// another exactly what the flood carries to it: to spare those that a block came from loses
// nothing.
TEST(StateRelayProperty, LosesOnlyWhatTheLinksLose) {
  std::size_t stale = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Setting setting = draw_setting(seed);
    for (const bool delayed : {false, true}) {
      SCOPED_TRACE(::testing::Message() << "seed=" << seed << " delayed=" << delayed);
      const CoinLinks links(0.6, seed);
      RelayTeam team(setting.graph, setting.hop_count, delayed, links);
      FloodFromAbove flood(setting, delayed, links);
      for (Round step = 0; step < 12; ++step) {
        team.step();
        flood.step();
        if (step % 3 == 1) team.restart();
        for (std::size_t i = 0; i < setting.graph.node_count(); ++i) {
          for (std::size_t j = 0; j < setting.graph.node_count(); ++j) {
            const auto known = flood.newest.find({i, j});
            const Round age = known == flood.newest.end() ? -1 : step - known->second;
            ASSERT_EQ(team[i].age(process_id(j)), age)
                << "step " << step << ", " << i << " of " << j;
            if (age > 0) ++stale;
            if (age < 0) continue;
            const auto block = team[i].block(process_id(j));
            ASSERT_EQ(std::vector(block.begin(), block.end()), RelayTeam::state(j, step - age));
          }
        }
      }
    }
  }
  EXPECT_GT(stale, 1000u) << "the test must see links fail";
}

// Goal: on a tree nobody is told what it knows: each block crosses exactly the links between its
// origin and those who hear it.
TEST(StateRelayProperty, OnATreeEveryBlockCrossesALinkOnce) {
  const CoinLinks links(1.0);
  for (std::size_t nodes = 2; nodes <= 9; ++nodes) {
    for (const Graph& graph : {line_graph(nodes), star_graph(nodes)}) {
      for (std::size_t hop_count = 0; hop_count <= nodes; ++hop_count) {
        RelayTeam team(graph, hop_count, false, links);
        team.step();
        std::size_t expected = 0;
        for (std::size_t j = 0; j < nodes; ++j) {
          const std::vector<std::size_t> hops = hop_counts(graph, process_id(j));
          const auto heard = static_cast<std::size_t>(
              std::ranges::count_if(hops, [&](std::size_t d) { return d > 0 && d <= hop_count; }));
          expected += heard * (kHeaderBytes + sizeof(float) * kColumns * (1 + j % 3));
        }
        EXPECT_EQ(team.bytes(), expected) << nodes << " nodes, " << hop_count << " hops";
      }
    }
  }
}

}  // namespace
}  // namespace tacit
