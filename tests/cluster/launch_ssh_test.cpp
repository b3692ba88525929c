// Goal: a run over ssh ends as the same run on this machine does: same bits, same folder, same exit
// codes, also when processes are killed, and nothing of it stays on the hosts.
// Method: an sshd of the test's own with keys of its own, on three addresses of the loopback
// interface that stand for three machines: each has a home folder, and no disk in common.
#include <gtest/gtest.h>

#include "tests/support/machines.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

constexpr const char* kDaemon = "/usr/sbin/sshd";

class LaunchOverSsh : public ::testing::Test {
 protected:
  void SetUp() override {
    if (access(kDaemon, X_OK) != 0) GTEST_SKIP() << "openssh-server is not installed";
    if (getuid() == 0) std::filesystem::create_directories("/run/sshd");
    make_key("host_key");
    make_key("user_key");
    port = testing::free_ports(20);
    first_port = port + 1;
    start_daemon();
    write_client_config();
  }

  void make_key(const std::string& name) const {
    ASSERT_EQ(
        testing::run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder.path(name)}), 0);
  }

  std::string home(int host) const { return folder.path("home-" + std::to_string(host)); }

  void start_daemon() {
    std::string text = "Port " + std::to_string(port) + "\nHostKey " + folder.path("host_key") +
                       "\nAuthorizedKeysFile " + folder.path("user_key.pub") +
                       "\nStrictModes no\nUsePAM no\nPidFile none\nPermitRootLogin yes\n"
                       "MaxStartups 100\n";
    for (int host = 1; host <= 3; ++host) {
      text += "ListenAddress 127.0.0." + std::to_string(host) + "\n";
    }
    for (int host = 1; host <= 3; ++host) {
      std::filesystem::create_directory(home(host));
      text += "Match LocalAddress 127.0.0." + std::to_string(host) +
              "\nForceCommand HOME=" + home(host) +
              "; export HOME; cd; eval \"$SSH_ORIGINAL_COMMAND\"\n";
    }
    daemon = std::make_unique<Child>(
        std::vector<std::string>{kDaemon, "-D", "-e", "-f", folder.write("sshd_config", text)});
    for (int host = 1; host <= 3; ++host) {
      ASSERT_TRUE(daemon->wait_for("Server listening on 127.0.0." + std::to_string(host)))
          << daemon->output();
    }
  }

  void write_client_config() {
    std::string known, hosts, config;
    const std::string key = testing::text_of(folder.path("host_key.pub"));
    const std::vector<std::string> names{"", "alpha", "beta", "gamma"};
    for (std::size_t host = 1; host <= 3; ++host) {
      const std::string address = "127.0.0." + std::to_string(host);
      known += "[" + address + "]:" + std::to_string(port) + " " + key;
      config += "Host " + names[host] + "\nHostName " + address + "\n";
      hosts += names[host] + " address=" + address;
      // The first has nothing, and is sent the programs.
      hosts += host == 1 ? "\n" : " programs=" + testing::program(".") + "\n";
    }
    config += "Host *\nUser " + testing::user_name() + "\nPort " + std::to_string(port) +
              "\nIdentityFile " + folder.path("user_key") + "\nIdentitiesOnly yes\n" +
              "UserKnownHostsFile " + folder.write("known_hosts", known) +
              "\nStrictHostKeyChecking yes\nLogLevel ERROR\n";
    folder.write("ssh_config", config);
    folder.write("hosts", hosts);
  }

  std::unique_ptr<Child> launch(const std::string& experiment,
                                const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{testing::program("tacit"),
                                   "launch",
                                   "--on",
                                   "ssh",
                                   "--hosts",
                                   folder.path("hosts"),
                                   "--ssh-config",
                                   folder.path("ssh_config"),
                                   "--port",
                                   std::to_string(first_port),
                                   "--out",
                                   folder.path("run"),
                                   "--no-report",
                                   folder.write("experiment.toml", experiment)};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Child>(words, folder.path());
  }

  void expect_nothing_left() const {
    for (int host = 1; host <= 3; ++host) {
      EXPECT_FALSE(std::filesystem::exists(home(host) + "/.tacit") &&
                   !std::filesystem::is_empty(home(host) + "/.tacit"))
          << "host " << host;
    }
    for (const pid_t process : testing::processes_with(".tacit/")) testing::expect_end_of(process);
  }

  std::string log_of(const std::string& process) const {
    return testing::text_of(folder.path("run/" + process + "/log"));
  }

  std::string digest_of_run() const {
    return testing::digest_in(testing::text_of(folder.path("run/summary.json")));
  }

  TemporaryFolder folder;
  int port = 0;        ///< of sshd
  int first_port = 0;  ///< of the run
  std::unique_ptr<Child> daemon;
};

TEST_F(LaunchOverSsh, EndsWithTheDigestOfTheLocalRun) {
  const auto run = launch(testing::kDistrict);
  EXPECT_LE(run->wait(), 1) << run->output() << daemon->output();
  const auto here = testing::digest_in_process(folder.path("experiment.toml"), folder.path("here"));
  EXPECT_EQ(digest_of_run(), here);
  EXPECT_NE(testing::text_of(folder.path("run/run.json")).find("\"beta\""), std::string::npos);
  EXPECT_NE(log_of("agents/004").find("receiving at tcp://127.0.0.2:"), std::string::npos);
  EXPECT_TRUE(std::filesystem::exists(folder.path("run/agents/006/metrics.csv")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/keys"))) << "secrets stay with the hosts";
  expect_nothing_left();
}

TEST_F(LaunchOverSsh, WhoIsKilledComesBack) {
  using testing::kill_of;
  const auto run =
      launch(testing::kDistrict + kill_of(0, "handshake") + kill_of(2, "exchange", 77) +
             kill_of(3, "exchange", 120) + kill_of(4, "checkpoint", 1) + kill_of(5, "end"));
  EXPECT_LE(run->wait(), 1) << run->output();
  folder.write("undisturbed.toml", testing::kDistrict);
  EXPECT_EQ(digest_of_run(),
            testing::digest_in_process(folder.path("undisturbed.toml"), folder.path("here")));
  for (const char* agent : {"agents/000", "agents/002", "agents/003", "agents/004", "agents/005"}) {
    EXPECT_NE(log_of(agent).find("was killed: started again (1 of 10)"), std::string::npos)
        << agent << log_of(agent);
  }
  expect_nothing_left();
}

TEST_F(LaunchOverSsh, ACoordinatorThatIsKilledComesBack) {
  const std::string experiment =
      "system = 'offload'\n[run]\nagents = 3\n[offload]\nslow_steps = 2\nq_steps = 100\n"
      "evaluation_slots = 100\n";
  const auto run = launch(experiment + testing::kill_of(3, "exchange", 3));
  EXPECT_LE(run->wait(), 1) << run->output();
  folder.write("undisturbed.toml", experiment);
  EXPECT_EQ(digest_of_run(),
            testing::digest_in_process(folder.path("undisturbed.toml"), folder.path("here")));
  EXPECT_NE(log_of("coordinator").find("started again"), std::string::npos);
}

class LongRunOverSsh : public LaunchOverSsh {
 protected:
  void start_long_run() {
    run = launch(
        "system = 'offload'\n[run]\nagents = 3\n[time]\ncheckpoint_rounds = 100\n"
        "[offload]\nmethod = 'iql'\nslots = 8000\n"
        // Until it is stopped.
        "[[faults]]\nkind = 'pause'\nprocess = 1\nphase = 'exchange'\nround = 3000\n"
        "length_ms = 240000\n");
    ASSERT_TRUE(run->wait_for("\nround ")) << run->output();
    for (const pid_t process : testing::processes_with("--experiment")) {
      if (testing::text_of("/proc/" + std::to_string(process) + "/environ")
              .find("HOME=" + folder.path()) != std::string::npos) {
        processes.insert(process);
      }
    }
    ASSERT_GE(processes.size(), 4u);  // and one that is to wake the paused one
  }

  void expect_all_end() const {
    for (const pid_t process : processes) testing::expect_end_of(process);
  }

  std::unique_ptr<Child> run;
  std::set<pid_t> processes;
};

TEST_F(LongRunOverSsh, ControlCEndsEverything) {
  start_long_run();
  run->send_signal(SIGINT);
  EXPECT_EQ(run->wait(), 130) << run->output();
  expect_all_end();
  expect_nothing_left();
  EXPECT_NE(testing::text_of(folder.path("run/run.json")).find("\"exit_code\": 130"),
            std::string::npos);
}

TEST_F(LongRunOverSsh, ProcessesEndWithTheirSupervisorAndGoOnWithTheNext) {
  start_long_run();
  run->send_signal(SIGKILL);
  expect_all_end();
  run->wait();
  Child again({testing::program("tacit"), "resume", folder.path("run"), "--no-report"});
  EXPECT_LE(again.wait(), 1) << again.output();
  EXPECT_EQ(digest_of_run(),
            testing::digest_in_process(folder.path("experiment.toml"), folder.path("here")));
  EXPECT_NE(log_of("agents/001").find("goes on from round"), std::string::npos);
  expect_nothing_left();
}

TEST_F(LaunchOverSsh, AHostThatCannotBeReachedIsNamed) {
  folder.write("hosts", "alpha address=127.0.0.1\nnowhere.invalid\n");
  const auto run = launch(testing::kDistrict);
  EXPECT_EQ(run->wait(), 69);
  EXPECT_NE(run->output().find("host nowhere.invalid"), std::string::npos) << run->output();
}

TEST_F(LaunchOverSsh, AProcessThatFailsEndsTheRunAndIsNamed) {
  first_port = port - 4;  // agent 4 is to receive where sshd does
  const auto run = launch(testing::kDistrict);
  EXPECT_GE(run->wait(), 64);
  EXPECT_NE(run->output().find("agent 4 on beta"), std::string::npos) << run->output();
  expect_nothing_left();
}

}  // namespace
}  // namespace tacit
