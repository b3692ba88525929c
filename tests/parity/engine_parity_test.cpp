// Goal: the same machines end with the same bits and the same account of messages in lockstep on
// one or several threads, and as nodes that exchange real packets over every transport, links
// failing at random or by distance.
// Method: machines that fold everything they receive into their state and move by it, on a graph
// of degree >= 3 (at degree 2 a wrong order of senders can cancel out).
#include <gtest/gtest.h>

#include "common/transport/in_process.h"
#include "common/transport/zmq.h"
#include "tests/support/folding_machine.h"
#include "tests/support/node_cluster.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_links.h"

namespace tacit {
namespace {

constexpr std::size_t kCount = 8;
constexpr Round kRounds = 200;

Graph circulant() {  // i - i+1, i - i+2: degree 4
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t i = 0; i < kCount; ++i) {
    edges.emplace_back(i, (i + 1) % kCount);
    edges.emplace_back(i, (i + 2) % kCount);
  }
  return Graph(kCount, edges);
}

std::vector<std::unique_ptr<Machine>> machines(const Graph& graph) {
  std::vector<std::unique_ptr<Machine>> machines;
  for (std::size_t i = 0; i < kCount; ++i) {
    machines.push_back(std::make_unique<testing::FoldingMachine>(graph, process_id(i), kRounds));
  }
  return machines;
}

struct Case {
  std::uint64_t seed;
  double range_m;  ///< 0: who is sent to hears
};

void PrintTo(const Case& chosen, std::ostream* out) {
  *out << "seed=" << chosen.seed << ", range=" << chosen.range_m;
}

class EngineParity : public ::testing::TestWithParam<Case> {
 protected:
  const Graph graph = circulant();
  const testing::CoinLinks links{0.7, GetParam().seed, GetParam().range_m};
  const testing::ClusterEnd expected = testing::lockstep_end(machines(graph), links, kRounds, 1);
};

TEST_P(EngineParity, DistanceDecidesWhoIsHeard) {
  std::uint64_t count = 0, emulation = 0;
  for (const auto& [edge, sent] : expected.traffic) {
    count += sent.count;
    emulation += sent.emulation_bytes;
  }
  const double all = 0.7 * 4 * kCount * kRounds;
  if (GetParam().range_m == 0) {
    EXPECT_NEAR(static_cast<double>(count), all, 0.1 * all);
    EXPECT_EQ(emulation, 0u);
  } else {
    EXPECT_LT(static_cast<double>(count), 0.7 * all);
    EXPECT_GT(static_cast<double>(count), 0.2 * all);
    EXPECT_GT(emulation, 18 * count) << "a pose each, and whole frames that nobody heard";
  }
}

TEST_P(EngineParity, ThreadsOfLockstep) {
  for (const std::size_t threads : {2, 3, 8}) {
    EXPECT_EQ(testing::lockstep_end(machines(graph), links, kRounds, threads), expected)
        << threads << " threads";
  }
}

TEST_P(EngineParity, MailboxesOfOneProcess) {
  InProcessNetwork network;
  std::vector<std::unique_ptr<Transport>> transports;
  for (std::size_t i = 0; i < kCount; ++i) transports.push_back(network.open(std::to_string(i)));
  EXPECT_EQ(testing::threaded_end(machines(graph), links, kRounds, transports), expected);
}

TEST_P(EngineParity, SocketsOverTcp) {
  std::vector<std::unique_ptr<Transport>> transports;
  for (std::size_t i = 0; i < kCount; ++i) {
    ZmqOptions options;
    options.peer_count = kCount;
    transports.push_back(std::make_unique<ZmqTransport>(options));
  }
  EXPECT_EQ(testing::threaded_end(machines(graph), links, kRounds, transports), expected);
}

TEST_P(EngineParity, SocketsOverIpc) {
  const testing::TemporaryFolder folder;
  std::vector<std::unique_ptr<Transport>> transports;
  for (std::size_t i = 0; i < kCount; ++i) {
    ZmqOptions options;
    options.bind = "ipc://" + folder.path(std::to_string(i));
    options.peer_count = kCount;
    transports.push_back(std::make_unique<ZmqTransport>(options));
  }
  EXPECT_EQ(testing::threaded_end(machines(graph), links, kRounds, transports), expected);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EngineParity,
                         ::testing::Values(Case{1, 0}, Case{2, 0}, Case{3, 0}, Case{4, 5},
                                           Case{5, 5}, Case{6, 5}));

}  // namespace
}  // namespace tacit
