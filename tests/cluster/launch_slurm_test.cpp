// Goal: a run as a Slurm job ends as the same run on this machine does: same bits, same folder,
// same exit codes, also when processes are killed; stopped, it cancels its job.
// Method: a Slurm of the test's own: munged, slurmctld and three slurmd, which say they are three
// machines. The nodes share this machine's disk, as those of a cluster share theirs.
#include <gtest/gtest.h>

#include "tests/support/machines.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

/// The daemons, once for all tests.
class Slurm {
 public:
  /// @return why there can be none; empty if there can
  static std::string obstacle() {
    for (const char* daemon : {"/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged"}) {
      if (access(daemon, X_OK) != 0) {
        return std::string(daemon) + " is missing: install slurm-wlm and munge";
      }
    }
    return getuid() == 0 ? "" : "slurmd needs root";
  }

  Slurm() {
    std::filesystem::permissions(folder_.path(), std::filesystem::perms(0711));
    write_config();
    setenv("SLURM_CONF", folder_.path("slurm.conf").c_str(), 1);
    folder_.write("munge.key", std::string(64, 'k'));
    std::filesystem::permissions(folder_.path("munge.key"), std::filesystem::perms(0600));
    start({"/usr/sbin/munged", "--foreground", "--force", "--num-threads=2",
           "--key-file=" + folder_.path("munge.key"), "--socket=" + folder_.path("munge"),
           "--pid-file=" + folder_.path("munged.pid"), "--seed-file=" + folder_.path("seed"),
           "--log-file=" + folder_.path("munged.log")});
    start({"/usr/sbin/slurmctld", "-D", "-c", "-f", folder_.path("slurm.conf")});
    for (const char* node : {"n1", "n2", "n3"}) {
      start({"/usr/sbin/slurmd", "-D", "-N", node, "-f", folder_.path("slurm.conf")});
    }
  }

  ~Slurm() {
    for (auto daemon = daemons_.rbegin(); daemon != daemons_.rend(); ++daemon) {
      (*daemon)->send_signal(SIGTERM);
      (*daemon)->wait();
    }
  }

  /// Runs a job that says where it is.
  std::string nodes() const {
    std::string output;
    testing::run({"srun", "--nodes=3", "--immediate=60", "printenv", "SLURMD_NODENAME"}, &output);
    return output;
  }

 private:
  void write_config() {
    const int port = testing::free_ports(4);
    const std::string home = folder_.path();
    folder_.write(
        "slurm.conf",
        "ClusterName=test\nSlurmUser=root\nSlurmctldHost=" + host_name() + "(127.0.0.1)\n" +
            "SlurmctldPort=" + std::to_string(port) + "\nAuthType=auth/munge\nAuthInfo=socket=" +
            home + "/munge\nStateSaveLocation=" + home + "\nSlurmdSpoolDir=" + home +
            "/spool-%n\nSlurmctldPidFile=" + home + "/slurmctld.pid\nSlurmdPidFile=" + home +
            "/slurmd-%n.pid\nProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\n"
            "SlurmdParameters=config_overrides\nSelectType=select/cons_tres\n"
            "SelectTypeParameters=CR_Core\nReturnToService=2\nSchedulerParameters=sched_interval="
            "1\n"
            "NodeName=n[1-3] NodeHostname=" +
            host_name() + " NodeAddr=127.0.0.1 Port=[" + std::to_string(port + 1) + "-" +
            std::to_string(port + 3) + "] CPUs=4\nPartitionName=all Nodes=ALL Default=YES\n");
  }

  void start(std::vector<std::string> words) {
    daemons_.push_back(std::make_unique<Child>(std::move(words), folder_.path()));
  }

  TemporaryFolder folder_;
  std::vector<std::unique_ptr<Child>> daemons_;
};

class LaunchOnSlurm : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (Slurm::obstacle().empty()) slurm = std::make_unique<Slurm>();
  }
  static void TearDownTestSuite() { slurm.reset(); }

  void SetUp() override {
    if (!slurm) GTEST_SKIP() << Slurm::obstacle();
    const std::string nodes = slurm->nodes();
    for (const char* node : {"n1", "n2", "n3"}) {
      ASSERT_NE(nodes.find(node), std::string::npos) << nodes;
    }
  }

  std::unique_ptr<Child> launch(const std::string& experiment,
                                const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{testing::program("tacit"),
                                   "launch",
                                   "--on",
                                   "slurm",
                                   "--sbatch=--nodes=3",
                                   "--sbatch=--ntasks-per-node=3",
                                   "--out",
                                   folder.path("run"),
                                   "--no-report",
                                   folder.write("experiment.toml", experiment)};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Child>(words, folder.path());
  }

  std::string digest_of_run() const {
    return testing::digest_in(testing::text_of(folder.path("run/summary.json")));
  }

  std::string log_of(const std::string& process) const {
    return testing::text_of(folder.path("run/" + process + "/log"));
  }

  static std::unique_ptr<Slurm> slurm;
  TemporaryFolder folder;
};
std::unique_ptr<Slurm> LaunchOnSlurm::slurm;

TEST_F(LaunchOnSlurm, EndsWithTheDigestOfTheLocalRunWhoeverIsKilled) {
  using testing::kill_of;
  const auto run =
      launch(testing::kDistrict + kill_of(0, "handshake") + kill_of(3, "exchange", 120) +
             kill_of(4, "checkpoint", 1) + kill_of(5, "end"));
  EXPECT_LE(run->wait(), 1) << run->output() << testing::text_of(folder.path("run/job.log"));
  folder.write("undisturbed.toml", testing::kDistrict);
  EXPECT_EQ(digest_of_run(),
            testing::digest_in_process(folder.path("undisturbed.toml"), folder.path("here")));
  for (const char* agent : {"agents/000", "agents/003", "agents/004", "agents/005"}) {
    EXPECT_NE(log_of(agent).find("was killed: started again (1 of 10)"), std::string::npos)
        << agent << log_of(agent);
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/keys"))) << "the job removes them";
}

TEST_F(LaunchOnSlurm, RankZeroIsTheCoordinator) {
  const std::string experiment =
      "system = 'offload'\n[run]\nagents = 3\n[offload]\nslow_steps = 2\nq_steps = 100\n"
      "evaluation_slots = 100\n";
  const auto run = launch(experiment + testing::kill_of(3, "exchange", 3));
  EXPECT_LE(run->wait(), 1) << run->output() << testing::text_of(folder.path("run/job.log"));
  folder.write("undisturbed.toml", experiment);
  EXPECT_EQ(digest_of_run(),
            testing::digest_in_process(folder.path("undisturbed.toml"), folder.path("here")));
}

TEST_F(LaunchOnSlurm, AProcessThatFailsIsNamedAndItsExitCodeKept) {
  // Slurm starts six of seven.
  const auto run =
      launch(testing::kDistrict + "[time]\nstart_deadline_s = 3\n", {"--sbatch=--ntasks=6"});
  EXPECT_EQ(run->wait(), 69) << run->output();
  EXPECT_NE(run->output().find("within 3 s"), std::string::npos) << run->output();
}

TEST_F(LaunchOnSlurm, ControlCCancelsTheJobAndResumeGoesOn) {
  const std::string experiment =
      "system = 'offload'\n[run]\nagents = 3\n[offload]\nmethod = 'iql'\nslots = 20000\n";
  const auto run = launch(experiment);
  ASSERT_TRUE(run->wait_for("Slurm job ")) << run->output();
  run->send_signal(SIGINT);
  EXPECT_EQ(run->wait(), 130) << run->output();
  std::string queue;
  EXPECT_EQ(testing::run({"squeue", "--noheader", "--states=PENDING,RUNNING"}, &queue), 0);
  EXPECT_EQ(queue, "");
  for (const pid_t process : testing::processes_with("--id")) {
    if (testing::text_of("/proc/" + std::to_string(process) + "/environ").find(folder.path()) !=
        std::string::npos) {
      testing::expect_end_of(process);
    }
  }
  Child again({testing::program("tacit"), "resume", folder.path("run"), "--no-report"});
  EXPECT_LE(again.wait(), 1) << again.output() << testing::text_of(folder.path("run/job.log"));
  EXPECT_EQ(digest_of_run(),
            testing::digest_in_process(folder.path("experiment.toml"), folder.path("here")));
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/keys"))) << "the job removes them";
}

}  // namespace
}  // namespace tacit
