// Goal: processes on machines whose network fails for less than time.gone_deadline_s wait for each
// other, and go on soon after it is back, with the same bits; if it fails for longer, they do what
// time.on_overdue says. TACIT_CABLE_OUT_S=90 makes that last as long.
// Method: three network namespaces with a virtual switch between them stand for three machines on
// one network; a cable is pulled and put back. Connections are encrypted, as between machines.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>

#include "tests/support/machines.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

constexpr int kMachines = 3;
constexpr std::chrono::seconds kBackWithin{15};

/// Machine k (0 to 2) has the address 10.77.7.k+1.
class Network {
 public:
  Network() {
    ok_ = ip({"netns", "add", name("switch")}) &&
          ip({"-n", name("switch"), "link", "add", "hub", "type", "bridge"}) &&
          ip({"-n", name("switch"), "link", "set", "hub", "up"});
    for (int k = 0; ok_ && k < kMachines; ++k) ok_ = add_machine(k);
  }
  ~Network() {
    for (const std::string& made : made_) testing::run({"ip", "netns", "delete", made});
  }
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// What there is to say if there can be no such network; else empty.
  const std::string& obstacle() const { return obstacle_; }
  std::string name(const std::string& machine) const {
    return "tacit-" + std::to_string(getpid()) + "-" + machine;
  }
  std::string name(int machine) const { return name(std::to_string(machine)); }
  static std::string address(int machine) { return "10.77.7." + std::to_string(machine + 1); }
  /// Pulls the cable of a machine, or puts it back, at the switch.
  bool set_cable(int machine, const std::string& up_or_down) {
    return ip({"-n", name("switch"), "link", "set", cable(machine), up_or_down});
  }

 private:
  static std::string cable(int machine) { return "cable" + std::to_string(machine); }

  bool ip(std::vector<std::string> words) {
    if (words[0] == "netns") made_.push_back(words.back());
    words.insert(words.begin(), "ip");
    std::string output;
    if (testing::run(words, &output) == 0) return true;
    obstacle_ += output;
    return false;
  }

  bool add_machine(int k) {
    const std::string self = name(k);
    return ip({"netns", "add", self}) &&
           ip({"-n", name("switch"), "link", "add", cable(k), "type", "veth", "peer", "name",
               "eth0", "netns", self}) &&
           ip({"-n", name("switch"), "link", "set", cable(k), "master", "hub", "up"}) &&
           ip({"-n", self, "address", "add", address(k) + "/24", "dev", "eth0"}) &&
           ip({"-n", self, "link", "set", "eth0", "up"}) &&
           ip({"-n", self, "link", "set", "lo", "up"});
  }

  bool ok_ = false;
  std::string obstacle_;
  std::vector<std::string> made_;
};

/// A cable that is out for so long, and what the processes are told to do then.
struct CableOut {
  std::string name;
  int down_s;
  int gone_deadline_s;
  std::string on_overdue;
};

void PrintTo(const CableOut& out, std::ostream* stream) { *stream << out.name; }

std::vector<CableOut> cases() {
  const char* asked = std::getenv("TACIT_CABLE_OUT_S");
  const int long_s = asked == nullptr ? 15 : std::atoi(asked);
  const int gone_s = asked == nullptr ? 5 : 30;
  return {{"ShortIsNoLoss", 20, 30, "fail"},
          {"LongIsWaitedFor", long_s, gone_s, "wait"},
          {"LongIsGoneOnWithout", long_s, gone_s, "close"}};
}

class LaunchNetns : public ::testing::TestWithParam<CableOut> {
 protected:
  void SetUp() override {
    if (getuid() != 0) GTEST_SKIP() << "network namespaces need root";
    std::string output;
    if (testing::run({"ip", "-V"}, &output) != 0) GTEST_SKIP() << "iproute2 is not installed";
    network.emplace();
    if (!network->obstacle().empty()) GTEST_SKIP() << network->obstacle();
    ASSERT_EQ(
        testing::run({testing::program("tacit"), "keys", experiment, "--out", folder.path("keys")}),
        0);
  }

  /// The last of three agents shares a machine with the coordinator.
  void start_processes() {
    for (int process = 0; process < kMachines + 1; ++process) {
      const int machine = std::min(process, kMachines - 1);
      const bool coordinator = process == kMachines;
      std::vector<std::string> words{
          "/usr/bin/env",
          "ip",
          "netns",
          "exec",
          network->name(machine),
          testing::program(coordinator ? "tacit-coordinator" : "tacit-agent"),
          "--experiment",
          experiment,
          "--rendezvous",
          folder.path("run"),
          "--keys",
          folder.path("keys"),
          "--bind",
          "tcp://" + Network::address(machine) + ":0",
          "--status-descriptor",
          "2"};
      if (!coordinator) words.insert(words.end(), {"--id", std::to_string(process)});
      processes.push_back(std::make_unique<Child>(words, folder.path()));
    }
  }

  /// The next round that process 0 tells, which it does every half second.
  long next_round() {
    const std::string word = "round 0 ";
    if (!processes[0]->wait_for(word, read)) return -1;
    const auto begin = processes[0]->output().find(word, read) + word.size();
    if (!processes[0]->wait_for("\n", begin)) return -1;
    read = begin;
    return std::stol(processes[0]->output().substr(begin));
  }

  /// The round in which process 0 is stuck: told five times in a row.
  long stuck_round() {
    long last = next_round();
    for (int same = 1; same < 5 && last >= 0;) {
      const long next = next_round();
      same = next == last ? same + 1 : 1;
      last = next;
    }
    return last;
  }

  TemporaryFolder folder;
  std::string experiment =
      folder.write("experiment.toml",
                   "system = 'offload'\n[run]\nagents = 3\n[time]\ngone_deadline_s = " +
                       std::to_string(GetParam().gone_deadline_s) + "\non_overdue = '" +
                       GetParam().on_overdue + "'\n[offload]\nmethod = 'iql'\nslots = 60000\n");
  std::optional<Network> network;
  std::vector<std::unique_ptr<Child>> processes;
  std::size_t read = 0;  ///< of what process 0 says
};

TEST_P(LaunchNetns, ACableIsOutAndBack) {
  const bool goes_on_without = GetParam().on_overdue == "close";
  start_processes();
  for (const auto& process : processes) {
    ASSERT_TRUE(process->wait_for("round ")) << process->output();
  }
  ASSERT_TRUE(network->set_cable(1, "down"));
  const auto down = std::chrono::steady_clock::now();
  const long stuck = stuck_round();
  ASSERT_GE(stuck, 0) << processes[0]->output();
  if (goes_on_without) {
    ASSERT_TRUE(processes[kMachines]->wait_for("agent 1 is gone"))
        << processes[kMachines]->output();
  }
  std::vector<pollfd> ends;
  for (const auto& process : processes) {
    ends.push_back({static_cast<int>(syscall(SYS_pidfd_open, process->pid(), 0)), POLLIN, 0});
  }
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      down + std::chrono::seconds(GetParam().down_s) - std::chrono::steady_clock::now());
  const int ended = poll(ends.data(), ends.size(), static_cast<int>(left.count()));
  for (const pollfd& end : ends) close(end.fd);
  EXPECT_TRUE(goes_on_without || ended == 0) << "somebody gave up";
  read = processes[0]->output().size();
  ASSERT_TRUE(network->set_cable(1, "up"));
  const auto up = std::chrono::steady_clock::now();
  if (!goes_on_without) {
    long round = stuck;
    while (round == stuck) round = next_round();
    ASSERT_GT(round, stuck) << processes[0]->output();
    EXPECT_LT(std::chrono::steady_clock::now() - up, kBackWithin);
  }
  for (const auto& process : processes) EXPECT_EQ(process->wait(), 0) << process->output();
  testing::run(
      {testing::program("tacit"), "report", folder.path("run"), "--experiment", experiment});
  const std::string summary = testing::text_of(folder.path("run/summary.json"));
  EXPECT_EQ(summary.find("\"reproducible\": true") != std::string::npos, !goes_on_without);
  if (goes_on_without) return;
  EXPECT_EQ(testing::digest_in(summary),
            testing::digest_in_process(experiment, folder.path("here")));
}

INSTANTIATE_TEST_SUITE_P(CablesOut, LaunchNetns, ::testing::ValuesIn(cases()),
                         [](const auto& out) { return out.param.name; });

}  // namespace
}  // namespace tacit
