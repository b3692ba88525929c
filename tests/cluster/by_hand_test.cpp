// Goal: agents and coordinator work as programs that somebody starts one by one, and every way in
// which they cannot work together ends with the right exit code and a message that names it.
// Method: the real programs; each wait is for a line of output or an exit status.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <memory>

#include "common/base/fingerprint.h"
#include "common/base/random.h"
#include "common/rendezvous/folder_rendezvous.h"
#include "common/transport/zmq.h"
#include "common/wire/codec.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

constexpr std::size_t kAgents = 3;

class ByHand : public ::testing::Test {
 protected:
  std::unique_ptr<Child> start(const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> words{testing::program(name), "--experiment", experiment};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Child>(words, folder.path());
  }

  /// A coordinator that others meet at, on a free port. @return its endpoint
  std::string start_coordinator(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--out", folder.path("run")});
    coordinator = start("tacit-coordinator", more);
    EXPECT_TRUE(coordinator->wait_for("--rendezvous tcp://")) << coordinator->output();
    const auto begin = coordinator->output().find("tcp://");
    EXPECT_TRUE(coordinator->wait_for("\n"));
    const auto end = coordinator->output().find('\n', begin);
    return coordinator->output().substr(begin, end - begin);
  }

  std::unique_ptr<Child> start_agent(std::size_t id, const std::string& rendezvous,
                                     std::vector<std::string> more = {},
                                     const std::string& out = "run") {
    more.insert(more.end(), {"--id", std::to_string(id), "--rendezvous", rendezvous});
    if (rendezvous.starts_with("tcp://")) more.insert(more.end(), {"--out", folder.path(out)});
    return start("tacit-agent", more);
  }

  void expect_end(Child& child, int code, const std::string& word = "") {
    EXPECT_EQ(child.wait(), code) << child.output();
    EXPECT_NE(child.output().find(word), std::string::npos) << "'" << word << "' is missing in:\n"
                                                            << child.output();
  }

  void meet_in_a_folder() {
    std::vector<std::unique_ptr<Child>> agents;
    for (std::size_t id = kAgents; id-- > 0;) {
      agents.push_back(start_agent(id, folder.path("run")));
    }
    coordinator = start("tacit-coordinator", {"--rendezvous", folder.path("run")});
    for (const auto& agent : agents) expect_end(*agent, 0);
    expect_end(*coordinator, 0);
  }

  std::string in_process_digest() {
    Child child({testing::program("tacit"), "run", experiment, "--in-process", "--no-report",
                 "--json", "--out", folder.path("reference")});
    child.wait();
    return testing::digest_in(child.output());
  }

  std::string gathered_digest() {
    Child child(
        {testing::program("tacit"), "report", folder.path("run"), "--experiment", experiment});
    EXPECT_LE(child.wait(), 1) << child.output();
    const std::string summary = testing::text_of(folder.path("run/summary.json"));
    EXPECT_EQ(summary.find("wall_seconds"), std::string::npos) << "nobody measured it";
    return testing::digest_in(summary);
  }

  void use_long_experiment() {
    experiment = folder.write("long.toml",
                              "system = \"offload\"\n[run]\nagents = 3\n[time]\n"
                              "gone_deadline_s = 0.5\nstart_deadline_s = 20\n"
                              "[offload]\nmethod = \"iql\"\nslots = 3000000\n");
  }

  TemporaryFolder folder;
  std::string experiment =
      folder.write("short.toml",
                   "system = \"offload\"\n[run]\nagents = 3\n[time]\nstart_deadline_s = 20\n"
                   "[offload]\nslow_steps = 2\nq_steps = 100\nevaluation_slots = 100\n");
  std::unique_ptr<Child> coordinator;
};

TEST_F(ByHand, MeetAtTheCoordinator) {
  const std::string endpoint = start_coordinator();
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) agents.push_back(start_agent(id, endpoint));
  for (const auto& agent : agents) expect_end(*agent, 0);
  expect_end(*coordinator, 0);
  EXPECT_EQ(gathered_digest(), in_process_digest());
}

TEST_F(ByHand, MeetInAFolderInAnyOrder) {
  meet_in_a_folder();
  EXPECT_EQ(gathered_digest(), in_process_digest());
}

TEST_F(ByHand, NobodyNeedsACoordinator) {
  experiment = folder.write("graph.toml",
                            "system = \"offload\"\n[run]\nagents = 3\n[offload]\n"
                            "sums = \"graph\"\nphase_rounds = 5\nslow_steps = 2\n"
                            "q_steps = 100\nevaluation_slots = 100\n");
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) {
    agents.push_back(start_agent(id, folder.path("run")));
  }
  for (const auto& agent : agents) expect_end(*agent, 0);
  EXPECT_EQ(gathered_digest(), in_process_digest());
}

TEST_F(ByHand, AbsentPeersAreNamed) {
  const std::vector<std::string> hasty{"-s", "time.start_deadline_s=0.3"};
  expect_end(*start_agent(0, folder.path("run"), hasty), 69, "the coordinator (process 3)");
  const std::string endpoint = start_coordinator(hasty);
  const auto agent = start_agent(1, endpoint, hasty);
  expect_end(*coordinator, 69, "agent");
  EXPECT_NE(coordinator->output().find("agent 0"), std::string::npos) << coordinator->output();
  expect_end(*agent, 69, endpoint);
}

TEST_F(ByHand, SecondProcessWithTheSameIdIsRefused) {
  const std::string endpoint = start_coordinator();
  const auto first = start_agent(0, endpoint);
  ASSERT_TRUE(first->wait_for("registering"));
  expect_end(*start_agent(0, endpoint), 76, "agents/000/lock");
  // The same from another machine, whose folder is not locked: the rendezvous knows better.
  expect_end(*start_agent(0, endpoint, {}, "elsewhere"), 76, "refused by the coordinator");
  std::vector<std::unique_ptr<Child>> others;
  for (std::size_t id = 1; id < kAgents; ++id) others.push_back(start_agent(id, endpoint));
  for (const auto& agent : others) expect_end(*agent, 0);
  expect_end(*first, 0);
  expect_end(*coordinator, 0);
  EXPECT_EQ(gathered_digest(), in_process_digest()) << "the first is unharmed";
}

TEST_F(ByHand, SecondProcessInAFolderIsRefused) {
  const auto first = start_agent(0, folder.path("run"));
  ASSERT_TRUE(first->wait_for("meeting in"));
  expect_end(*start_agent(0, folder.path("run"), {"--out", folder.path("elsewhere")}), 76,
             "rendezvous/0.lock");
}

TEST_F(ByHand, AFolderServesAgainAfterAFailedRun) {
  const std::vector<std::string> hasty{"-s", "time.start_deadline_s=0.3"};
  expect_end(*start_agent(0, folder.path("run"), hasty), 69);
  // What a process that was killed leaves behind: its owner replaces it in time.
  folder.write("run/rendezvous/1.json",
               R"({"id":1,"endpoint":"tcp://127.0.0.1:1","incarnation":0,"protocol_version":)" +
                   std::to_string(kProtocolVersion) +
                   R"(,"config_hash":"1234","numeric_fingerprint":"0"})");
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) {
    agents.push_back(start_agent(id, folder.path("run")));
  }
  coordinator = start("tacit-coordinator", {"--rendezvous", folder.path("run")});
  for (const auto& agent : agents) expect_end(*agent, 0);
  expect_end(*coordinator, 0);
  EXPECT_EQ(gathered_digest(), in_process_digest());
}

TEST_F(ByHand, GatheringAnotherExperimentIsRefused) {
  meet_in_a_folder();
  Child report({testing::program("tacit"), "report", folder.path("run"), "--experiment", experiment,
                "-s", "offload.alpha=3.0"});
  expect_end(report, 76, "config hash");
}

TEST_F(ByHand, UnreachablePeersAreGoneNotSilent) {
  use_long_experiment();
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) {
    std::vector<std::string> more;
    if (id == 1) more = {"--advertise", "tcp://127.0.0.1:1", "-s", "time.start_deadline_s=3"};
    agents.push_back(start_agent(id, folder.path("run"), more));
  }
  coordinator = start("tacit-coordinator", {"--rendezvous", folder.path("run")});
  expect_end(*coordinator, 75, "agent 1 is gone");
  expect_end(*agents[1], 69, "coordinator");
}

TEST_F(ByHand, HostileRegistrationsDoNotEndTheCoordinator) {
  const std::string endpoint = start_coordinator();
  ZmqOptions options;
  options.peer_count = 1;
  ZmqTransport stranger(options);
  stranger.connect(process_id(kAgents), endpoint);
  Codec codec;
  for (int k = 0; k < 500; ++k) {
    WirePacket packet;
    packet.kind = PacketKind::register_process;
    packet.from = process_id(static_cast<std::size_t>(k) % 7);
    packet.greeting.endpoint = k % 2 == 0 ? "nonsense" : "tcp://127.0.0.1:1";
    packet.greeting.protocol_version = k % 3 == 0 ? kProtocolVersion : 9;
    stranger.send(process_id(kAgents), codec.encode(packet));
  }
  ASSERT_TRUE(coordinator->wait_for("refused at the rendezvous")) << coordinator->output();
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) agents.push_back(start_agent(id, endpoint));
  for (const auto& agent : agents) expect_end(*agent, 0);
  expect_end(*coordinator, 0);
}

TEST_F(ByHand, RendezvousRefusesWhoDoesNotMatch) {
  use_long_experiment();
  const std::string endpoint = start_coordinator();
  expect_end(*start_agent(0, endpoint, {"-s", "run.seed=2"}), 76, "config hash");

  ZmqOptions options;
  options.peer_count = 2;
  ZmqTransport stranger(options);
  stranger.connect(process_id(kAgents), endpoint);
  const auto expect_refusal = [&](Greeting greeting, const std::string& word) {
    Codec codec;
    WirePacket packet;
    packet.kind = PacketKind::register_process;
    packet.from = process_id(0);
    packet.greeting = greeting;
    packet.greeting.endpoint = stranger.endpoint();
    stranger.send(process_id(kAgents), codec.encode(packet));
    const auto answer = stranger.receive(std::chrono::seconds(20));
    ASSERT_TRUE(answer.has_value()) << word;
    ASSERT_EQ(codec.decode(answer->bytes, packet), Rejection::none);
    EXPECT_EQ(packet.kind, PacketKind::refusal);
    EXPECT_NE(packet.refusal.find(word), std::string::npos) << packet.refusal;
  };
  Greeting greeting;
  greeting.protocol_version = kProtocolVersion + 1;
  expect_refusal(greeting, "protocol version");
  coordinator->send_signal(SIGTERM);
  expect_end(*coordinator, 143);
}

// What another processor or another experiment would leave in the folder.
TEST_F(ByHand, FolderShowsWhoDoesNotMatch) {
  Child show({testing::program("tacit"), "config", "check", experiment});
  ASSERT_EQ(show.wait(), 0);
  Greeting other;
  other.config_hash = 0x1234;
  const auto expect_mismatch = [&](const std::string& word) {
    std::filesystem::remove_all(folder.path("run"));
    FolderRendezvous(folder.path("run/rendezvous"), other, 1);
    expect_end(*start_agent(0, folder.path("run")), 76, word);
  };
  expect_mismatch("config hash 0000000000001234");
  const std::string hash = show.output().substr(show.output().rfind(' ') + 1, 16);
  other.config_hash = std::stoull(hash, nullptr, 16);
  other.numeric_fingerprint = 0x1234;
  expect_mismatch("numeric fingerprint 0000000000001234");
}

TEST_F(ByHand, KilledCoordinatorIsNamed) {
  use_long_experiment();
  const std::string endpoint = start_coordinator();
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) {
    agents.push_back(start_agent(id, endpoint, {"--status-descriptor", "2"}));
  }
  for (const auto& agent : agents) ASSERT_TRUE(agent->wait_for("round")) << agent->output();
  coordinator->send_signal(SIGKILL);
  for (const auto& agent : agents) expect_end(*agent, 75, "the coordinator (process 3) is gone");
}

TEST_F(ByHand, GarbageOnTheSocketIsCountedAndChangesNothing) {
  const std::string endpoint = start_coordinator();
  ZmqOptions options;
  options.peer_count = 1;
  ZmqTransport stranger(options);
  stranger.connect(process_id(kAgents), endpoint);
  RandomStream stream(1, process_id(0), purpose("test.garbage"), 0);
  for (int k = 0; k < 100; ++k) {
    std::vector<std::byte> garbage(1 + stream() % 200);
    for (std::byte& byte : garbage) byte = static_cast<std::byte>(stream());
    stranger.send(process_id(kAgents), garbage);
  }
  // Below ZeroMQ's own protocol.
  const int raw = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  ASSERT_EQ(connect(raw, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  const std::string noise(1000, '\x7f');
  EXPECT_GT(write(raw, noise.data(), noise.size()), 0);
  ASSERT_TRUE(coordinator->wait_for("refused")) << coordinator->output();
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) agents.push_back(start_agent(id, endpoint));
  for (const auto& agent : agents) expect_end(*agent, 0);
  expect_end(*coordinator, 0, "bad_checksum");
  close(raw);
  EXPECT_EQ(gathered_digest(), in_process_digest());
}

class Supervised : public ByHand {
 protected:
  void start_run() {
    use_long_experiment();
    std::filesystem::create_directory(folder.path("tmp"));
    std::vector<std::string> words{"/usr/bin/env",
                                   "TMPDIR=" + folder.path("tmp"),
                                   testing::program("tacit"),
                                   "run",
                                   experiment,
                                   "--out",
                                   folder.path("run")};
    words.insert(words.end(), patience.begin(), patience.end());
    run = std::make_unique<Child>(words, folder.path());
    ASSERT_TRUE(run->wait_for("4 of 4 processes past the start barrier")) << run->output();
    children = testing::children_of(run->pid());
    ASSERT_EQ(children.size(), 4u);
  }
  void expect_nothing_left(int exit_code) {
    for (const pid_t child : children) EXPECT_NE(::kill(child, 0), 0) << "orphan " << child;
    EXPECT_TRUE(std::filesystem::is_empty(folder.path("tmp"))) << "sockets are left";
    EXPECT_NE(testing::text_of(folder.path("run/run.json"))
                  .find("\"exit_code\": " + std::to_string(exit_code)),
              std::string::npos);
  }
  std::vector<std::string> patience;  ///< options that let the run wait longer
  std::unique_ptr<Child> run;
  std::vector<pid_t> children;
};

TEST_F(Supervised, ControlCEndsEverythingAndLeavesNothingBehind) {
  start_run();
  ::kill(-run->pid(), SIGINT);
  expect_end(*run, 130);
  expect_nothing_left(130);
}

TEST_F(Supervised, ControlCInALongRoundInOneProcessIsWrittenDown) {
  use_long_experiment();
  experiment = folder.write("slow.toml", "system = \"offload\"\n[offload]\nq_steps = 1000000000\n");
  run =
      std::make_unique<Child>(std::vector<std::string>{testing::program("tacit"), "run", experiment,
                                                       "--in-process", "--out", folder.path("run")},
                              folder.path());
  ASSERT_TRUE(run->wait_for("run folder"));
  run->send_signal(SIGINT);
  expect_end(*run, 130);
  EXPECT_NE(testing::text_of(folder.path("run/run.json")).find("\"exit_code\": 130"),
            std::string::npos);
}

TEST_F(Supervised, StoppedCoordinatorIsALostPeer) {
  start_run();
  ::kill(children.front(), SIGTERM);
  expect_end(*run, 75, "the coordinator (process 3)");
  expect_nothing_left(75);
}

TEST_F(Supervised, WhoIsKilledTooOftenEndsTheRunAndIsNamed) {
  patience = {"-s", "time.gone_deadline_s=60"};
  start_run();
  pid_t victim = children.front();  // the coordinator, started first
  for (int k = 1; k <= 10; ++k) {
    ::kill(victim, SIGKILL);
    ASSERT_TRUE(run->wait_for("started again (" + std::to_string(k) + " of 10)")) << run->output();
    const std::vector<pid_t> before = std::exchange(children, testing::children_of(run->pid()));
    victim = *std::ranges::find_if(
        children, [&](pid_t child) { return std::ranges::find(before, child) == before.end(); });
  }
  ::kill(victim, SIGKILL);
  expect_end(*run, 75, "the coordinator (process 3) was ended by Killed (signal 9) 11 times");
  expect_nothing_left(75);
}

TEST_F(Supervised, ChildrenDieWithTheirSupervisor) {
  start_run();
  std::vector<int> ends;
  for (const pid_t child : children) {
    ends.push_back(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
  }
  run->send_signal(SIGKILL);
  for (const int end : ends) {
    pollfd item{end, POLLIN, 0};
    EXPECT_EQ(poll(&item, 1, 60'000), 1) << "an orphan goes on";
    close(end);
  }
}

}  // namespace
}  // namespace tacit
