// Goal: processes with keys find each other, end with the bits of processes without, and whoever
// has no keys, another's keys or badly kept keys is told so and gets nowhere. Method: the real
// programs over tcp; every machine of its own has its own folder of keys.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "common/transport/zmq.h"
#include "common/wire/codec.h"
#include "tests/support/child.h"
#include "tests/support/raw_connection.h"

namespace tacit {
namespace {

using testing::Child;
using testing::RawConnection;
using testing::TemporaryFolder;

constexpr std::size_t kAgents = 3;

class Security : public ::testing::Test {
 protected:
  Security() {
    Child keys({testing::program("tacit"), "keys", experiment, "--out", folder.path("keys")});
    EXPECT_EQ(keys.wait(), 0) << keys.output();
  }

  /// What one machine gets: the list, and one secret. @return its folder of keys
  std::string machine(const std::string& process, const std::string& name) {
    const std::filesystem::path keys = folder.path(name);
    std::filesystem::create_directory(keys);
    std::filesystem::permissions(keys, std::filesystem::perms::owner_all);
    for (const std::string& file : {std::string("allowed.json"), process + ".secret"}) {
      std::filesystem::copy(folder.path("keys/" + file), keys / file);
    }
    return keys.string();
  }

  std::unique_ptr<Child> start(const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> words{testing::program(name), "--experiment", experiment, "--out",
                                   folder.path("run")};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Child>(words, folder.path());
  }

  /// @return the endpoint where agents meet
  std::string start_coordinator(std::vector<std::string> more) {
    coordinator = start("tacit-coordinator", std::move(more));
    return endpoint_of_coordinator();
  }

  std::string endpoint_of_coordinator() {
    EXPECT_TRUE(coordinator->wait_for("--rendezvous tcp://")) << coordinator->output();
    const auto begin = coordinator->output().find("tcp://");
    EXPECT_TRUE(coordinator->wait_for("\n"));
    return coordinator->output().substr(begin, coordinator->output().find('\n', begin) - begin);
  }

  std::unique_ptr<Child> start_agent(std::size_t id, const std::string& rendezvous,
                                     std::vector<std::string> more) {
    more.insert(more.end(), {"--id", std::to_string(id), "--rendezvous", rendezvous});
    return start("tacit-agent", more);
  }

  static void expect_end(Child& child, int code, const std::vector<std::string>& words = {}) {
    EXPECT_EQ(child.wait(), code) << child.output();
    for (const std::string& word : words) {
      EXPECT_NE(child.output().find(word), std::string::npos) << "'" << word << "' is missing in:\n"
                                                              << child.output();
    }
  }

  /// Starts the agents that a coordinator with keys waits for, and waits for the end of all.
  void expect_good_end(const std::string& endpoint) {
    std::vector<std::unique_ptr<Child>> agents;
    for (std::size_t id = 0; id < kAgents; ++id) {
      const std::string name = "agent-" + std::to_string(id);
      agents.push_back(start_agent(id, endpoint, {"--keys", machine(name, "machine-" + name)}));
    }
    for (const auto& agent : agents) expect_end(*agent, 0);
    expect_end(*coordinator, 0);
    Child reference({testing::program("tacit"), "run", experiment, "--in-process", "--no-report",
                     "--json", "--out", folder.path("reference")});
    reference.wait();
    Child report(
        {testing::program("tacit"), "report", folder.path("run"), "--experiment", experiment});
    EXPECT_LE(report.wait(), 1) << report.output();
    EXPECT_EQ(testing::digest_in(testing::text_of(folder.path("run/summary.json"))),
              testing::digest_in(reference.output()));
  }

  TemporaryFolder folder;
  std::string experiment =
      folder.write("short.toml",
                   "system = \"offload\"\n[run]\nagents = 3\n[time]\nstart_deadline_s = 20\n"
                   "[offload]\nslow_steps = 2\nq_steps = 100\nevaluation_slots = 100\n");
  std::unique_ptr<Child> coordinator;
};

TEST_F(Security, KeysAreMadeForTheirOwnerOnlyAndNeverReplaced) {
  const auto mode_of = [&](const std::string& name) {
    struct stat status {};
    EXPECT_EQ(stat(folder.path(name).c_str(), &status), 0) << name;
    return status.st_mode & 0777;
  };
  EXPECT_EQ(mode_of("keys"), 0700u);
  std::set<std::string> secrets;
  for (const char* const name : {"agent-0", "agent-1", "agent-2", "coordinator"}) {
    EXPECT_EQ(mode_of("keys/" + std::string(name) + ".secret"), 0600u);
    secrets.insert(testing::text_of(folder.path("keys/" + std::string(name) + ".secret")));
  }
  EXPECT_EQ(secrets.size(), kAgents + 1);
  const std::string before = testing::text_of(folder.path("keys/allowed.json"));
  EXPECT_EQ(nlohmann::json::parse(before).size(), kAgents + 1);
  Child again({testing::program("tacit"), "keys", experiment, "--out", folder.path("keys")});
  expect_end(again, 74, {"not replaced", "--out"});
  EXPECT_EQ(testing::text_of(folder.path("keys/allowed.json")), before);
  Child help({testing::program("tacit"), "keys", "--help"});
  expect_end(help, 0, {"Examples:", "tacit keys deploy/experiments/offload.toml --out keys"});
}

TEST_F(Security, ProcessesWithKeysEndWithTheSameBits) {
  expect_good_end(start_coordinator({"--keys", machine("coordinator", "machine-c")}));
}

// Goal: strangers take no more descriptors than a process has to spare, fill no log, and are no
// reason to end.
TEST_F(Security, StrangersCannotTakeAllDescriptors) {
  coordinator = std::make_unique<Child>(
      std::vector<std::string>{"/bin/sh", "-c", "ulimit -n 400; exec \"$0\" \"$@\"",
                               testing::program("tacit-coordinator"), "--experiment", experiment,
                               "--out", folder.path("run"), "--keys",
                               machine("coordinator", "machine-c")},
      folder.path());
  const std::string endpoint = endpoint_of_coordinator();
  {
    std::vector<std::unique_ptr<RawConnection>> strangers;
    for (int k = 0; k < 500; ++k) strangers.push_back(std::make_unique<RawConnection>(endpoint));
    EXPECT_TRUE(coordinator->wait_for("(too_many)")) << coordinator->output();
    strangers.back()->read_to_the_end();
  }
  expect_good_end(endpoint);
  const std::string& log = coordinator->output();
  EXPECT_LT(std::ranges::count(log, '\n'), 40) << log;
}

TEST_F(Security, KeysAllowWhatPlainTextIsRefused) {
  const std::vector<std::string> everywhere{"--bind", "tcp://0.0.0.0:0", "--advertise",
                                            "tcp://127.0.0.1:0"};
  expect_end(*start("tacit-coordinator", everywhere), 64, {"--keys", "--insecure"});
  auto with_keys = everywhere;
  with_keys.insert(with_keys.end(), {"--keys", folder.path("keys")});
  auto both = with_keys;
  both.push_back("--insecure");
  expect_end(*start("tacit-coordinator", both), 64, {"--keys excludes --insecure"});
  expect_good_end(start_coordinator(with_keys));
}

TEST_F(Security, MeetingInAFolderWithKeysNeedsNoCoordinator) {
  experiment = folder.write("graph.toml",
                            "system = \"offload\"\n[run]\nagents = 3\n[offload]\n"
                            "sums = \"graph\"\nphase_rounds = 5\nslow_steps = 2\n"
                            "q_steps = 100\nevaluation_slots = 100\n");
  std::vector<std::unique_ptr<Child>> agents;
  for (std::size_t id = 0; id < kAgents; ++id) {
    agents.push_back(start_agent(id, folder.path("run"), {"--keys", folder.path("keys")}));
  }
  for (const auto& agent : agents) expect_end(*agent, 0);
}

TEST_F(Security, BadlyKeptKeysAreRefusedBeforeAnythingIsMade) {
  const auto expect_refusal = [&](const std::string& keys, const std::vector<std::string>& words) {
    expect_end(*start_agent(0, "tcp://127.0.0.1:1", {"--keys", keys}), 77, words);
    EXPECT_FALSE(std::filesystem::exists(folder.path("run"))) << "a run folder was made";
  };
  expect_refusal(folder.path("nowhere"), {"nowhere", "tacit keys"});
  const std::string keys = machine("agent-0", "machine");
  const std::string secret = keys + "/agent-0.secret";
  chmod(secret.c_str(), 0640);
  expect_refusal(keys, {"agent-0.secret", "chmod 600"});
  chmod(secret.c_str(), 0600);
  chmod((keys + "/allowed.json").c_str(), 0664);
  expect_refusal(keys, {"allowed.json", "chmod go-w"});
  chmod((keys + "/allowed.json").c_str(), 0644);
  chmod(keys.c_str(), 0770);
  expect_refusal(keys, {"machine", "chmod 700"});
  chmod(keys.c_str(), 0700);
  std::filesystem::remove(secret);
  expect_refusal(keys, {"agent-0.secret", "No such file"});
  std::filesystem::copy(folder.path("keys/agent-1.secret"), secret);
  expect_refusal(keys, {"agent-0.secret", "is not the secret of agent 0"});
  folder.write("machine/agent-0.secret", "half a");
  expect_refusal(keys, {"agent-0.secret", "is damaged"});
  folder.write("machine/agent-0.secret", R"({"secret_key": "too short"})");
  expect_refusal(keys, {"agent-0.secret", "'secret_key' is no key of 40 letters"});

  const auto list = nlohmann::json::parse(testing::text_of(keys + "/allowed.json"));
  const auto expect_bad_list = [&](nlohmann::json bad, const std::string& word) {
    folder.write("machine/allowed.json", bad.dump());
    expect_refusal(keys, {"allowed.json", word});
  };
  auto bad = list;
  bad.erase("2");
  expect_bad_list(bad, "has no key of agent 2");
  bad = list;
  bad["2"] = bad["1"];
  expect_bad_list(bad, "agent 2 has the key of another process");
  bad = list;
  bad["2"] = std::string(40, '~');
  expect_bad_list(bad, "'2' is no key of 40 letters");
  bad = list;
  bad["4"] = bad["0"];
  expect_bad_list(bad, "has keys of 5 processes");
}

TEST_F(Security, WhoHasOtherKeysOrNoneIsToldWhyAndTheRunGoesOn) {
  const std::vector<std::string> hasty{"-s", "time.start_deadline_s=2"};
  const std::string endpoint = start_coordinator({"--keys", machine("coordinator", "machine-c")});
  Child other({testing::program("tacit"), "keys", experiment, "--out", folder.path("other")});
  ASSERT_EQ(other.wait(), 0);
  auto with_other_keys = hasty;
  with_other_keys.insert(with_other_keys.end(), {"--keys", folder.path("other")});
  expect_end(*start_agent(0, endpoint, with_other_keys), 77, {endpoint, "(cut_handshake)"});
  // The right list, but a secret that is in nobody's.
  const std::string forged = machine("agent-0", "forged");
  std::filesystem::remove(forged + "/agent-0.secret");
  std::filesystem::copy(folder.path("other/agent-0.secret"), forged + "/agent-0.secret");
  auto list = nlohmann::json::parse(testing::text_of(forged + "/allowed.json"));
  list["0"] = nlohmann::json::parse(testing::text_of(folder.path("other/allowed.json")))["0"];
  folder.write("forged/allowed.json", list.dump());
  auto with_forged_key = hasty;
  with_forged_key.insert(with_forged_key.end(), {"--keys", forged});
  expect_end(*start_agent(0, endpoint, with_forged_key), 77, {endpoint, "(key_refused)"});
  const auto plain = start_agent(0, endpoint, hasty);
  expect_end(*plain, 77, {endpoint});
  ASSERT_TRUE(coordinator->wait_for("(unknown_key)")) << coordinator->output();
  ASSERT_TRUE(coordinator->wait_for("(not_decrypted)")) << coordinator->output();
  // Either end may be the first to see it, and then just cuts the connection.
  if (plain->output().find("(encrypted)") == std::string::npos) {
    ASSERT_TRUE(coordinator->wait_for("(plain_text)")) << coordinator->output();
  }
  expect_good_end(endpoint);
}

TEST_F(Security, AMemberCannotRegisterAsAnother) {
  const std::string endpoint = start_coordinator({"--keys", machine("coordinator", "machine-c")});
  // Agent 1's own keys, in the name of agent 0.
  const auto list = nlohmann::json::parse(testing::text_of(folder.path("keys/allowed.json")));
  const auto secret = nlohmann::json::parse(testing::text_of(folder.path("keys/agent-1.secret")));
  ZmqOptions options;
  options.peer_count = 1;
  options.keys.emplace();
  options.keys->own = {secret["public_key"], secret["secret_key"]};
  for (std::size_t k = 0; k <= kAgents; ++k) {
    options.keys->allowed[process_id(k)] = list[std::to_string(k)];
  }
  ZmqTransport liar(options);
  liar.connect(process_id(kAgents), endpoint);
  WirePacket packet;
  packet.kind = PacketKind::register_process;
  packet.from = process_id(0);
  packet.greeting.endpoint = liar.endpoint();
  Codec codec;
  liar.send(process_id(kAgents), codec.encode(packet));
  ASSERT_TRUE(coordinator->wait_for("(spoofed_sender)")) << coordinator->output();
  expect_good_end(endpoint);
}

TEST_F(Security, StrangersBelowTheProtocolAreCounted) {
  const std::string endpoint = start_coordinator({"--keys", machine("coordinator", "machine-c")});
  const std::vector<std::byte> noise(300, std::byte{'z'});
  for (int k = 0; k < 200; ++k) {
    const RawConnection stranger(endpoint);
    stranger.say(noise);
    stranger.read_to_the_end();
  }
  expect_good_end(endpoint);
  EXPECT_NE(coordinator->output().find("refused 200 connections: no_handshake"), std::string::npos)
      << coordinator->output();
}

}  // namespace
}  // namespace tacit
