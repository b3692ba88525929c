// Whose states an agent uses, and how its networks' inputs are put together. Nothing is simulated.
#include <gtest/gtest.h>

#include "agent/systems/locomotion/agent_view.h"
#include "agent/systems/locomotion/episode_tally.h"
#include "common/graph/generators.h"

namespace tacit::locomotion {
namespace {

using Sizes = std::vector<std::size_t>;

Sizes sizes(const Graph& graph, KappaMode mode, std::size_t kappa) {
  Sizes sizes;
  for (const auto& members : neighbourhoods(graph, mode, kappa).members) {
    sizes.push_back(members.size());
  }
  return sizes;
}

Sizes members(const Graph& graph, KappaMode mode, std::size_t kappa, std::size_t agent) {
  Sizes found;
  const Neighbourhoods all = neighbourhoods(graph, mode, kappa);
  for (const Member& member : all.members[agent]) found.push_back(member.agent);
  return found;
}

/// Hips 0, 2, 4, 6, a clique; ankles 1, 3, 5, 7.
Graph quadruped() {
  return {8, {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {0, 4}, {0, 6}, {2, 4}, {2, 6}, {4, 6}}};
}

TEST(Neighbourhood, HopsCountLinks) {
  const Graph path = line_graph(6);
  EXPECT_EQ(sizes(path, KappaMode::hops, 1), (Sizes{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(sizes(path, KappaMode::hops, 2), (Sizes{2, 3, 3, 3, 3, 2}));
  EXPECT_EQ(sizes(path, KappaMode::hops, 3), (Sizes{3, 4, 5, 5, 4, 3}));
  EXPECT_EQ(sizes(path, KappaMode::hops, 4), (Sizes{4, 5, 6, 6, 5, 4}));
  EXPECT_EQ(sizes(path, KappaMode::hops, 6), (Sizes{6, 6, 6, 6, 6, 6}));
  EXPECT_EQ(neighbourhoods(path, KappaMode::hops, 3).hop_count, 2u);
  EXPECT_EQ(members(quadruped(), KappaMode::hops, 3, 1), (Sizes{0, 1, 2, 4, 6}));
}

TEST(Neighbourhood, CountTakesTheNearestAndThenTheFirst) {
  EXPECT_EQ(members(line_graph(6), KappaMode::count, 4, 3), (Sizes{1, 2, 3, 4}));
  EXPECT_EQ(members(quadruped(), KappaMode::count, 6, 0), (Sizes{0, 1, 2, 3, 4, 6}));
  EXPECT_EQ(members(quadruped(), KappaMode::count, 6, 1), (Sizes{0, 1, 2, 3, 4, 6}));
  EXPECT_EQ(neighbourhoods(quadruped(), KappaMode::count, 6).hop_count, 3u);
}

TEST(Neighbourhood, TooLargeAKappaIsLowered) {
  EXPECT_EQ(neighbourhoods(line_graph(6), KappaMode::hops, 9).kappa, 6u);
  EXPECT_EQ(neighbourhoods(quadruped(), KappaMode::hops, 9).kappa, 4u);
  EXPECT_EQ(neighbourhoods(quadruped(), KappaMode::count, 9).kappa, 8u);
  EXPECT_EQ(neighbourhoods(quadruped(), KappaMode::count, 6).kappa, 6u);
}

/// Three pods in a row, two copies. Agent 1, in the middle, sees three numbers of its own; agent 0
/// tells ten, agent 2 three.
class View : public ::testing::Test {
 protected:
  View() {
    config.task = make_task({.name = "mini", .pod_count = 3});
    config.neighbourhoods = neighbourhoods(line_graph(3), KappaMode::hops, 2);
    config.plant.copy_count = 2;
    report.observation = {1, 2, 3, 4, 5, 6};
    report.last_observation = {-1, -2, -3, -4, -5, -6};
  }

  StateRelay make_relay() const {
    return StateRelay({process_id(1), {process_id(0), process_id(2)}, {10, 3, 3}, 1, false});
  }

  /// A block of agent `from` that counts up from `first`.
  static void tell(StateRelay& relay, std::uint16_t from, std::size_t size, float first) {
    std::vector<float> numbers;
    for (std::size_t k = 0; k < size; ++k) numbers.push_back(first + static_cast<float>(k));
    const std::uint16_t header[] = {from, 0};
    std::vector<std::byte> bytes(sizeof header + size * sizeof(float));
    std::memcpy(bytes.data(), header, sizeof header);
    std::memcpy(bytes.data() + sizeof header, numbers.data(), size * sizeof(float));
    relay.hear({process_id(from), 0, bytes});
  }

  std::vector<float> column(const AgentView& view, const StateRelay& relay, Eigen::Index copy) {
    Eigen::MatrixXf inputs;
    view.fill({report, relay, told}, inputs);
    EXPECT_EQ(inputs.cols(), 2);
    return {inputs.col(copy).begin(), inputs.col(copy).end()};
  }

  std::vector<float> last(const AgentView& view, const StateRelay& relay, std::size_t copy) {
    Eigen::MatrixXf inputs;
    view.fill_last({report, relay, told}, copy, inputs);
    return {inputs.col(0).begin(), inputs.col(0).end()};
  }

  LocomotionConfig config;
  PlantReport report = make_report(2, 3);
  std::vector<std::vector<float>> told{3};
};

TEST_F(View, PutsTheAgentsInOrder) {
  StateRelay relay = make_relay();
  relay.begin(2, report.observation);
  tell(relay, 0, 20, 100);
  tell(relay, 2, 6, 200);
  const AgentView khop(config, 1, Input::khop);
  ASSERT_EQ(khop.size(), 16u);
  EXPECT_EQ(column(khop, relay, 1), (std::vector<float>{110, 111, 112, 113, 114, 115, 116, 117, 118,
                                                        119, 4, 5, 6, 203, 204, 205}));
  EXPECT_EQ(column(AgentView(config, 1, Input::local), relay, 0), (std::vector<float>{1, 2, 3}));
  EXPECT_EQ(khop.heard_count(relay), 2u);
  told = {std::vector<float>(20, 7), {}, std::vector<float>(6, 8)};
  EXPECT_EQ(column(AgentView(config, 1, Input::global), relay, 0),
            (std::vector<float>{7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 1, 2, 3, 8, 8, 8}));
}

TEST_F(View, ShowsWhatWasBeforeAResetWhereOneWas) {
  report.end[1] = EpisodeEnd::truncated;
  StateRelay relay = make_relay();
  relay.begin(3, std::vector<float>{1, 2, 3, 4, 5, 6, -4, -5, -6});
  tell(relay, 0, 30, 100);
  const AgentView khop(config, 1, Input::khop);
  EXPECT_EQ(last(khop, relay, 1), (std::vector<float>{120, 121, 122, 123, 124, 125, 126, 127, 128,
                                                      129, -4, -5, -6, 0, 0, 0}));
}

TEST_F(View, ALostStateIsTheLastOneWithItsAge) {
  config.states_age = true;
  StateRelay relay = make_relay();
  relay.begin(2, report.observation);
  tell(relay, 2, 6, 200);
  relay.begin(2, report.observation);
  relay.begin(2, report.observation);
  const AgentView khop(config, 1, Input::khop);
  ASSERT_EQ(khop.size(), 18u);
  const std::vector<float> seen = column(khop, relay, 1);
  EXPECT_EQ(std::vector(seen.begin() + 10, seen.end()),
            (std::vector<float>{AgentView::kAgeMost, 4, 5, 6, 203, 204, 205, 2}));
  EXPECT_EQ(khop.heard_count(relay), 0u);

  config.missing = Missing::zeros;
  const AgentView zeros(config, 1, Input::khop);
  ASSERT_EQ(zeros.size(), 16u);
  const std::vector<float> nothing = column(zeros, relay, 1);
  EXPECT_EQ(std::vector(nothing.begin() + 10, nothing.end()),
            (std::vector<float>{4, 5, 6, 0, 0, 0}));
}

TEST(EpisodeTally, MeansAreOfEndedEpisodesElseOfSteps) {
  EpisodeTally tally(2);
  tally.add(0, 1, false);
  tally.add(1, 0, false);
  EXPECT_EQ(tally.mean_cost(10), 5);
  tally.add(0, 1, true);
  tally.add(1, 0, false);
  EXPECT_EQ(tally.mean_cost(10), 2);
  tally.add(0, 4, true);
  EXPECT_EQ(tally.mean_cost(10), 3);
  tally.begin();
  tally.add(1, 4, true);
  EXPECT_EQ(tally.mean_cost(10), 4);
}

}  // namespace
}  // namespace tacit::locomotion
