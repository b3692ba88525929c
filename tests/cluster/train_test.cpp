// Goal: what agents must have learned before a run is trained once, found again, refused when it is
// damaged, and reaches every agent, also one that shares no disk with the others.
// Method: the real programs on a small grid, with a training far too short to learn anything; each
// wait is for a line of output or an exit status.
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <map>
#include <memory>

#include "common/base/fingerprint.h"
#include "common/results/artifact.h"
#include "common/transport/zmq.h"
#include "common/wire/codec.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

constexpr std::size_t kAgents = 3;
constexpr int kFinished = -1;  ///< whether a run this short meets its constraints does not matter

class Train : public ::testing::Test {
 protected:
  std::unique_ptr<Child> start(const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words{testing::program(name)};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Child>(words, folder.path());
  }

  /// tacit SUBCOMMAND experiment MORE to its end. @return the output
  std::string tacit(const std::string& subcommand, std::vector<std::string> more, int code = 0) {
    more.insert(more.begin(), {subcommand, experiment});
    const auto child = start("tacit", more);
    const int end = child->wait();
    EXPECT_TRUE(end == code || (code == kFinished && (end == 0 || end == 1)))
        << "exit code " << end << "\n"
        << child->output();
    return child->output();
  }

  /// Runs into folder `name`.
  std::string run(const std::string& name, std::vector<std::string> more = {},
                  int code = kFinished) {
    more.insert(more.end(), {"--no-report", "--json", "--out", folder.path(name)});
    return tacit("run", more, code);
  }

  std::unique_ptr<Child> start_agent(std::size_t id, const std::string& rendezvous,
                                     std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--experiment", experiment, "--id", std::to_string(id), "--rendezvous",
                             rendezvous, "--out", folder.path("by-hand")});
    return start("tacit-agent", more);
  }

  std::unique_ptr<Child> start_coordinator(const std::string& policies) {
    return start("tacit-coordinator", {"--experiment", experiment, "--policies", policies, "--out",
                                       folder.path("by-hand")});
  }

  static std::string endpoint_of(Child& coordinator) {
    EXPECT_TRUE(coordinator.wait_for("--rendezvous tcp://")) << coordinator.output();
    const auto begin = coordinator.output().find("tcp://");
    EXPECT_TRUE(coordinator.wait_for("\n"));
    return coordinator.output().substr(begin, coordinator.output().find('\n', begin) - begin);
  }

  static void expect_words(const std::string& text, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      EXPECT_NE(text.find(word), std::string::npos) << "'" << word << "' is missing in:\n" << text;
    }
  }

  static void expect_end(Child& child, int code, const std::vector<std::string>& words = {}) {
    EXPECT_EQ(child.wait(), code) << child.output();
    expect_words(child.output(), words);
  }

  std::string gathered_digest() {
    Child report(
        {testing::program("tacit"), "report", folder.path("by-hand"), "--experiment", experiment});
    EXPECT_LE(report.wait(), 1) << report.output();
    return testing::digest_in(testing::text_of(folder.path("by-hand/summary.json")));
  }

  /// Content by file name; nothing if there is no such folder.
  std::map<std::string, std::string> files_in(const std::string& name) const {
    std::map<std::string, std::string> files;
    if (!std::filesystem::exists(folder.path(name))) return files;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path(name))) {
      files[entry.path().filename().string()] = testing::text_of(entry.path().string());
    }
    return files;
  }

  void damage(const std::string& file, std::size_t place) {
    std::string text = testing::text_of(folder.path("policies/" + file));
    text.at(place) = static_cast<char>(text.at(place) ^ 1);
    std::ofstream(folder.path("policies/" + file), std::ios::binary) << text;
  }

  TemporaryFolder folder;
  std::string experiment = folder.write(
      "grid.toml",
      "system = \"grid\"\n[run]\nagents = 3\n[time]\nstart_deadline_s = 20\n[graph]\n"
      "kind = \"complete\"\n[grid]\nhours = 20\ndoubles = [0]\nbenchmark = false\n"
      "[grid.training]\niterations = 1\nepochs = 1\nattempts_most = 1\nquality_episodes = 4\n");
};

TEST_F(Train, ARunTrainsWhatIsMissingAndOnlyThat) {
  const std::string first = run("first");
  expect_words(first, {"training 2 policies that policies/ does not hold: grid-single, grid-double",
                       "is the best of its attempts, but none was accepted"});
  const auto policies = files_in("policies");
  ASSERT_EQ(policies.size(), 2u) << "two policies, and no log is left";
  EXPECT_EQ(files_in("first/policies"), policies) << "the run folder is complete";

  const std::string second = run("second", {"--in-process"});
  EXPECT_EQ(second.find("does not hold"), std::string::npos) << second;
  EXPECT_EQ(testing::digest_in(second), testing::digest_in(first));
  EXPECT_EQ(files_in("second/policies"), policies);

  std::filesystem::remove(folder.path("policies/" + policies.begin()->first));
  expect_words(run("third"), {"training 1 policy that policies/ does not hold: grid-double"});
  EXPECT_EQ(files_in("policies"), policies) << "training gives the same bits every time";
}

TEST_F(Train, TrainPrintsEveryPolicyWithItsRecord) {
  const std::string text = tacit("train", {"--policies", "elsewhere"});
  expect_words(text, {"elsewhere/grid-single-", ".policy  {", "\"quality\":", "\"attempts\":"});
  const std::string json = tacit("train", {"--policies", "elsewhere", "--json"});
  EXPECT_EQ(json.find("training 2"), std::string::npos) << json;
  expect_words(json,
               {"\"name\": \"grid-double\"", "\"key\": ", "\"made_from\": ", "\"quality\": "});
  EXPECT_EQ(files_in("elsewhere").size(), 2u);
  EXPECT_TRUE(files_in("policies").empty());
}

TEST_F(Train, AnotherTrainingIsAnotherPolicy) {
  tacit("train", {});
  tacit("train", {"-s", "grid.training.seed=2"});
  EXPECT_EQ(files_in("policies").size(), 4u);
  run("run", {"--seed", "5"});
  EXPECT_EQ(files_in("policies").size(), 4u) << "the seed of a run is apart from it";
}

TEST_F(Train, DamagedPoliciesAreRefusedUntilTrainedAgain) {
  tacit("train", {});
  const auto policies = files_in("policies");
  const std::string file = policies.begin()->first;
  for (const std::size_t place : {0u, 8u, 40u, 9000u}) {
    damage(file, place);
    expect_words(run("refused", {}, 65), {file, "tacit train FILE --again"});
    expect_words(tacit("train", {}, 65), {file, "tacit train FILE --again"});
    EXPECT_FALSE(std::filesystem::exists(folder.path("refused"))) << "nothing is made before";
    damage(file, place);
  }
  damage(file, 8);
  expect_words(run("refused", {}, 65), {"format version"});
  expect_words(tacit("train", {"--again"}), {"training 2 policies again"});
  EXPECT_EQ(files_in("policies"), policies);
  run("mended");
}

TEST_F(Train, AgentsGetTheirPolicyThroughTheCoordinator) {
  tacit("train", {"--policies", "store"});
  const auto coordinator = start_coordinator("store");
  const std::string endpoint = endpoint_of(*coordinator);
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) agents.push_back(start_agent(id, endpoint));
  for (const auto& agent : agents) expect_end(*agent, 0, {"got the policy from " + endpoint});
  expect_end(*coordinator, 0);
  EXPECT_TRUE(files_in("policies").empty()) << "no agent needed a disk";
  EXPECT_EQ(gathered_digest(),
            testing::digest_in(run("reference", {"--in-process", "--policies", "store"})));
}

TEST_F(Train, AgentsThatShareADiskReadTheirPolicyThere) {
  tacit("train", {"--policies", "by-hand/policies"});
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) {
    agents.push_back(start_agent(id, folder.path("by-hand")));
  }
  for (const auto& agent : agents) expect_end(*agent, 0);
  EXPECT_EQ(
      gathered_digest(),
      testing::digest_in(run("reference", {"--in-process", "--policies", "by-hand/policies"})));
}

TEST_F(Train, MissingPoliciesNameTheRemedy) {
  expect_end(*start_coordinator("nowhere"), 66, {"nowhere/grid-", "tacit train FILE"});
  expect_end(*start_agent(0, folder.path("by-hand")), 66,
             {"by-hand/policies/grid-double-", "tacit train FILE"});
  tacit("train", {});
  damage(files_in("policies").begin()->first, 100);
  expect_end(*start_coordinator("policies"), 65, {"grid-double-", "--again"});
}

TEST_F(Train, PoliciesAreForAgentsOfTheSameExperiment) {
  tacit("train", {});
  const auto coordinator = start_coordinator("policies");
  const auto agent = start_agent(0, endpoint_of(*coordinator), {"-s", "run.seed=2"});
  expect_end(*agent, 76, {"refused by the coordinator", "config hash"});
  EXPECT_EQ(agent->output().find("got the policy"), std::string::npos) << agent->output();
  coordinator->send_signal(SIGTERM);
  expect_end(*coordinator, 143);
}

// A rendezvous that cannot be trusted with what it sends, and is slow about it.
TEST_F(Train, AgentsCheckThePolicyTheyAreSent) {
  ZmqOptions options;
  options.peer_count = 1;
  ZmqTransport rendezvous(options);
  const auto answer_with = [&](std::span<const std::byte> policy, int code,
                               const std::string& word) {
    const auto agent = start_agent(0, rendezvous.endpoint());
    Codec codec;
    WirePacket packet;
    for (int k = 0; k < 2; ++k) {  // the first question is lost
      const auto question = rendezvous.receive(std::chrono::seconds(20));
      ASSERT_TRUE(question.has_value());
      ASSERT_EQ(codec.decode(question->bytes, packet), Rejection::none);
      ASSERT_EQ(packet.kind, PacketKind::policy_request);
    }
    const std::string endpoint = packet.greeting.endpoint;
    packet.kind = PacketKind::policy;
    packet.from = process_id(kAgents);
    packet.payload = policy;
    rendezvous.send_once(process_id(0), endpoint, codec.encode(packet));
    expect_end(*agent, code, {word, rendezvous.endpoint()});
  };
  answer_with(std::as_bytes(std::span("nonsense")), 65, "no artifact");
  answer_with(encode_artifact({"grid-double", 1, "", "{}", {}}), 76, "0000000000000001");
}

TEST_F(Train, HostileRequestsDoNotEndTheCoordinator) {
  tacit("train", {});
  Child check({testing::program("tacit"), "config", "check", experiment});
  ASSERT_EQ(check.wait(), 0) << check.output();
  const auto coordinator = start_coordinator("policies");
  const std::string endpoint = endpoint_of(*coordinator);
  ZmqOptions options;
  options.peer_count = 1;
  ZmqTransport stranger(options);
  stranger.connect(process_id(kAgents), endpoint);
  fix_arithmetic();
  WirePacket packet;
  packet.kind = PacketKind::policy_request;
  packet.greeting.config_hash =
      std::stoull(check.output().substr(check.output().rfind(' ') + 1, 16), nullptr, 16);
  packet.greeting.numeric_fingerprint = numeric_fingerprint();
  Codec codec;
  for (std::size_t k = 0; k < 250; ++k) {
    packet.from = process_id(k < 100 ? 1 : k % 20);
    packet.greeting.endpoint = k % 2 == 0 ? "nonsense" : "tcp://127.0.0.1:1";
    stranger.send(process_id(kAgents), codec.encode(packet));
  }
  ASSERT_TRUE(coordinator->wait_for("asked for its policy too often")) << coordinator->output();
  // It will be sent no more, but the others are.
  std::vector<std::unique_ptr<Child>> agents;
  for (const std::size_t id : {0u, 2u}) agents.push_back(start_agent(id, endpoint));
  agents.push_back(start_agent(1, endpoint, {"--policies", "policies"}));
  for (const auto& agent : agents) expect_end(*agent, 0);
  expect_end(*coordinator, 0);
}

class LongTraining : public Train {
 protected:
  /// Returns once the training processes are at work.
  void start_training() {
    training = start("tacit", {"train", experiment, "-s", "grid.training.iterations=1000000"});
    ASSERT_TRUE(training->wait_for("attempt 1 of")) << training->output();
    for (const pid_t child : testing::children_of(training->pid())) {
      ends.push_back(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    }
    ASSERT_FALSE(ends.empty());
  }

  void expect_nothing_left() {
    for (const int end : ends) {
      pollfd item{end, POLLIN, 0};
      EXPECT_EQ(poll(&item, 1, 60'000), 1) << "an orphan goes on";
      close(end);
    }
    for (const auto& [name, text] : files_in("policies")) {
      EXPECT_TRUE(name.ends_with(".log")) << name << " is left";
    }
  }

  std::unique_ptr<Child> training;
  std::vector<int> ends;
};

TEST_F(LongTraining, InterruptEndsItsProcesses) {
  start_training();
  training->send_signal(SIGINT);
  expect_end(*training, 130, {"stopped"});
  expect_nothing_left();
}

TEST_F(LongTraining, DiesWithWhoStartedIt) {
  start_training();
  training->send_signal(SIGKILL);
  expect_nothing_left();
}

TEST_F(LongTraining, AKilledProcessIsStartedAgain) {
  start_training();
  ::kill(testing::children_of(training->pid()).front(), SIGKILL);
  ASSERT_TRUE(training->wait_for("started again (1 of 10)")) << training->output();
  training->send_signal(SIGINT);
  expect_end(*training, 130, {"the training of grid-", "Killed", "stopped"});
  expect_nothing_left();
}

}  // namespace
}  // namespace tacit
