// Goal: whatever a host's shell, or sbatch, says of its own accord, and whenever a connection
// breaks, the results of a launched run come here whole, or stay where they are, are named, and are
// fetched by `tacit resume`; a run that was cut off goes on to the digest of the undisturbed one.
// Method: stand-ins for ssh, sbatch and kubectl that run on this machine, each host in a home of
// its own. They can be made talkative, and can fail, by files in a folder.
#include <gtest/gtest.h>

#include "tests/support/machines.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

const std::string kShort =
    "system = 'offload'\n[run]\nagents = 3\n[offload]\nslow_steps = 2\nq_steps = 100\n"
    "evaluation_slots = 100\n";
const std::string kSteady =
    "system = 'offload'\n[run]\nagents = 3\n[time]\ncheckpoint_rounds = 100\n"
    "[offload]\nmethod = 'iql'\nslots = 8000\n";
/// Stands still in its midst, once, until it is stopped.
const std::string kLong =
    kSteady +
    "[[faults]]\nkind = 'pause'\nprocess = 1\nphase = 'exchange'\nround = 3000\n"
    "length_ms = 240000\n";

class StandIns : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder.path("programs"));
    setenv("STAND_INS", folder.path().c_str(), 1);
    setenv("PATH", (folder.path("programs") + ":" + path).c_str(), 1);
  }
  void TearDown() override { setenv("PATH", path.c_str(), 1); }

  void stand_in(const std::string& name, const std::string& script) const {
    const std::string file = folder.write("programs/" + name, "#!/bin/bash\n" + script);
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

  std::unique_ptr<Child> tacit(std::vector<std::string> words) const {
    words.insert(words.begin(), testing::program("tacit"));
    return std::make_unique<Child>(words, folder.path());
  }

  std::unique_ptr<Child> resume() const {
    return tacit({"resume", folder.path("run"), "--no-report"});
  }

  void expect_digest_of(const std::string& experiment) const {
    folder.write("undisturbed.toml", experiment);
    EXPECT_EQ(testing::digest_in(testing::text_of(folder.path("run/summary.json"))),
              testing::digest_in_process(folder.path("undisturbed.toml"), folder.path("here")));
  }

  TemporaryFolder folder;
  const std::string path = getenv("PATH");
};

class SshStandIn : public StandIns {
 protected:
  void SetUp() override {
    StandIns::SetUp();
    stand_in("ssh", R"(
while [ "$1" != -- ]; do shift; done
host=$2
command=$3
export HOME="$STAND_INS/home-$host"
mkdir -p "$HOME"
cd
cat "$STAND_INS/before" 2>/dev/null
case $command in
  */collect*) action=collect ;;
  *"rm -rf"*) action=remove ;;
  */start*) action=start ;;
  *) action=send ;;
esac
case $(cat "$STAND_INS/fails" 2>/dev/null) in
  "$action $host") exit 255 ;;
  "break $action $host") bash -c "$command" | head -c 3000; exit 255 ;;
  "swallow $action $host") bash -c "$command" | head -c 3000; exit 0 ;;
  "full $action $host") PATH="$STAND_INS/full:$PATH" bash -c "$command"; exit ;;
  "forget $action $host")  # the connection is gone, and the host has not noticed
    mkfifo "fifo-$$"
    exec bash -c "setsid bash -c '$command' <&0 & wait" <>"fifo-$$" ;;
esac
bash -c "$command" <&0 &
remote=$!
trap 'kill $remote; wait $remote' TERM
wait $remote
code=$?
cat "$STAND_INS/after" 2>/dev/null
exit $code
)");
    port = testing::free_ports(4);
    folder.write("hosts",
                 "\xEF\xBB\xBF"
                 "alpha address=127.0.0.1 programs=" +
                     testing::program(".") +
                     "\nbeta address=127.0.0.1 programs=" + testing::program(".") + "\n");
  }

  std::unique_ptr<Child> launch(const std::string& experiment) const {
    return tacit({"launch", "--on", "ssh", "--hosts", folder.path("hosts"), "--port",
                  std::to_string(port), "--out", folder.path("run"), "--no-report",
                  folder.write("experiment.toml", experiment)});
  }

  bool is_left_at(const std::string& host) const {
    const std::string place = folder.path("home-" + host + "/.tacit");
    return std::filesystem::exists(place) && !std::filesystem::is_empty(place);
  }

  int port = 0;
};

TEST_F(SshStandIn, ShellsMaySayWhatTheyLike) {
  folder.write("before", "Welcome\nround 0 99999999\n" + std::string(100'000, '-') + "\nprompt> ");
  folder.write("after", "Good bye\n");
  const auto run = launch(kShort);
  EXPECT_LE(run->wait(), 1) << run->output();
  EXPECT_EQ(run->output().find("hint"), std::string::npos) << run->output();
  expect_digest_of(kShort);
  for (const char* host : {"alpha", "beta"}) EXPECT_FALSE(is_left_at(host)) << host;
}

TEST_F(SshStandIn, HostsOfBothFamiliesMeet) {
  folder.write("hosts", "alpha address=127.0.0.1 programs=" + testing::program(".") +
                            "\nbeta address=[::1] programs=" + testing::program(".") + "\n");
  const auto run = launch(kShort);
  EXPECT_LE(run->wait(), 1) << run->output();
  EXPECT_NE(testing::text_of(folder.path("run/agents/001/log")).find("receiving at tcp://[::1]:"),
            std::string::npos);
  expect_digest_of(kShort);
}

class FetchOverSsh : public SshStandIn, public ::testing::WithParamInterface<const char*> {};

TEST_P(FetchOverSsh, ResultsThatDoNotArriveStayThere) {
  folder.write("fails", GetParam() + std::string(" collect beta"));
  const auto run = launch(kShort);
  EXPECT_EQ(run->wait(), 75) << run->output();
  EXPECT_NE(run->output().find("scp -r beta:.tacit/"), std::string::npos) << run->output();
  EXPECT_NE(run->output().find("tacit resume " + folder.path("run")), std::string::npos);
  EXPECT_TRUE(is_left_at("beta"));
  EXPECT_FALSE(is_left_at("alpha")) << "its results are here";
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/host-1.tar")));
  std::filesystem::remove(folder.path("fails"));
  const auto again = resume();
  EXPECT_LE(again->wait(), 1) << again->output();
  expect_digest_of(kShort);
  for (const char* host : {"alpha", "beta"}) EXPECT_FALSE(is_left_at(host)) << host;
}

INSTANTIATE_TEST_SUITE_P(WaysToFail, FetchOverSsh, ::testing::Values("break", "swallow"),
                         [](const auto& way) { return std::string(way.param); });

TEST_F(SshStandIn, AFolderThatCannotBeRemovedIsNamedAndCostsNothing) {
  folder.write("fails", "remove alpha");
  const auto run = launch(kShort);
  EXPECT_LE(run->wait(), 1) << run->output();
  EXPECT_NE(run->output().find("on alpha could not be removed"), std::string::npos)
      << run->output();
  expect_digest_of(kShort);
}

TEST_F(SshStandIn, AHostWithoutRoomIsNamed) {
  std::filesystem::create_directory(folder.path("full"));
  std::filesystem::permissions(
      folder.write("full/tar", "#!/bin/sh\necho 'tar: No space left on device' >&2\nexit 2\n"),
      std::filesystem::perms::owner_all);
  folder.write("fails", "full send beta");
  const auto run = launch(kShort);
  EXPECT_EQ(run->wait(), 74) << run->output();
  EXPECT_NE(run->output().find("host beta"), std::string::npos) << run->output();
  EXPECT_NE(run->output().find("No space left"), std::string::npos) << run->output();
  for (const char* host : {"alpha", "beta"}) EXPECT_FALSE(is_left_at(host)) << host;
}

TEST_F(SshStandIn, AStoppedRunGoesOn) {
  const auto run = launch(kLong);
  ASSERT_TRUE(run->wait_for("\nround ")) << run->output();
  run->send_signal(SIGINT);
  EXPECT_EQ(run->wait(), 130) << run->output();
  EXPECT_NE(run->output().find("tacit resume " + folder.path("run")), std::string::npos)
      << run->output();
  for (const char* host : {"alpha", "beta"}) EXPECT_FALSE(is_left_at(host)) << host;
  std::filesystem::remove(folder.path("hosts"));
  const auto again = resume();
  EXPECT_LE(again->wait(), 1) << again->output();
  for (const char* agent : {"agents/000", "agents/001"}) {
    EXPECT_NE(testing::text_of(folder.path("run/" + std::string(agent) + "/log"))
                  .find("goes on from round"),
              std::string::npos)
        << agent;
  }
  expect_digest_of(kSteady);
}

TEST_F(SshStandIn, ProcessesThatLostTheirConnectionAreEndedAndGoOn) {
  folder.write("fails", "forget start beta");
  const auto run = launch(kLong);
  ASSERT_TRUE(run->wait_for("\nround ")) << run->output();
  run->send_signal(SIGINT);
  EXPECT_EQ(run->wait(), 130) << run->output();
  EXPECT_NE(run->output().find("scp -r beta:.tacit/"), std::string::npos) << run->output();
  EXPECT_TRUE(is_left_at("beta"));
  std::filesystem::remove(folder.path("fails"));
  const auto again = resume();
  EXPECT_LE(again->wait(), 1) << again->output();
  expect_digest_of(kSteady);
  EXPECT_FALSE(is_left_at("beta"));
}

class SlurmStandIn : public StandIns {
 protected:
  void SetUp() override {
    StandIns::SetUp();
    stand_in("sbatch", R"(
echo "Welcome to the cluster, 99 nodes are idle"
exec 9>"$STAND_INS/job.lock"
flock 9  # all processes of the job hold it, until the last has ended
setsid sh "${!#}" &
echo $! >"$STAND_INS/job"
exec 9>&-
echo 4711
wait
)");
    stand_in("srun", R"(
while case $1 in --*) ;; *) false ;; esac; do shift; done
for rank in 0 1 2 3; do SLURM_PROCID=$rank "$@" & done
wait
)");
    // A process that has ended and waits to be reaped is none of a job.
    stand_in("squeue", R"sh(
ps -o stat= --sid "$(cat "$STAND_INS/job")" | grep -q '^[^Z]' && echo 4711
exit 0
)sh");
    stand_in("scancel", R"sh(
[ "$1" = 4711 ] && kill -- "-$(cat "$STAND_INS/job")"
flock --timeout 30 "$STAND_INS/job.lock" true
)sh");
    stand_in("hostname", "echo 127.0.0.1");
  }

  std::unique_ptr<Child> launch(const std::string& experiment) const {
    return tacit({"launch", "--on", "slurm", "--out", folder.path("run"), "--no-report",
                  folder.write("experiment.toml", experiment)});
  }
};

TEST_F(SlurmStandIn, TheJobIsFoundInWhatSbatchSaysAndAStoppedRunGoesOn) {
  const auto run = launch(kSteady);
  ASSERT_TRUE(run->wait_for("Slurm job 4711\n")) << run->output();
  EXPECT_EQ(run->output().find("Slurm job Welcome"), std::string::npos) << run->output();
  const auto early = resume();
  EXPECT_EQ(early->wait(), 76) << "this tacit has the folder: " << early->output();
  run->send_signal(SIGINT);
  EXPECT_EQ(run->wait(), 130) << run->output();
  EXPECT_FALSE(std::filesystem::exists(folder.path("run/keys"))) << "of a job that is cancelled";
  const auto again = resume();
  EXPECT_LE(again->wait(), 1) << again->output() << testing::text_of(folder.path("run/job.log"));
  expect_digest_of(kSteady);
}

TEST_F(SlurmStandIn, AJobThatOutlivesItsTacitIsNotDisturbed) {
  const auto run = launch(kSteady);
  ASSERT_TRUE(run->wait_for("Slurm job 4711\n")) << run->output();
  kill(run->pid(), SIGKILL);
  run->wait();
  const auto early = resume();
  EXPECT_EQ(early->wait(), 76) << early->output();
  EXPECT_NE(early->output().find("scancel 4711"), std::string::npos) << early->output();
  setenv("PATH", "/nowhere", 1);
  const auto nowhere = resume();
  EXPECT_EQ(nowhere->wait(), 69) << nowhere->output();
  EXPECT_NE(nowhere->output().find("sbatch is not on the PATH"), std::string::npos)
      << nowhere->output();
  setenv("PATH", (folder.path("programs") + ":" + path).c_str(), 1);
  EXPECT_EQ(testing::run({"scancel", "4711"}), 0);
  const auto again = resume();
  EXPECT_LE(again->wait(), 1) << again->output() << testing::text_of(folder.path("run/job.log"));
  expect_digest_of(kSteady);
}

class KubernetesStandIn : public StandIns {
 protected:
  void SetUp() override {
    StandIns::SetUp();
    stand_in("kubectl", R"(
echo "$*" >>"$STAND_INS/calls"
case $1 in
  create) cat "$3" >>"$STAND_INS/manifest"; grep -m 1 '"name":' "$3" >>"$STAND_INS/names" ;;
  get) cat "$STAND_INS/active" ;;
esac
)");
  }

  std::unique_ptr<Child> launch(const std::string& out) const {
    return tacit({"launch", "--on", "kubernetes", "--image", "tacit", "--claim", "runs", "--out",
                  folder.path(out), folder.write("experiment.toml", kShort)});
  }
};

TEST_F(KubernetesStandIn, LaunchesOfOneSecondShareNoName) {
  for (const char* out : {"run", "other"}) {
    const auto run = launch(out);
    EXPECT_EQ(run->wait(), 0) << run->output();
  }
  std::istringstream names(testing::text_of(folder.path("names")));
  std::string first, second;
  std::getline(names, first);
  std::getline(names, second);
  EXPECT_NE(first.find("tacit-offload-"), std::string::npos) << first;
  EXPECT_NE(first, second);
  EXPECT_EQ(testing::text_of(folder.path("calls")).find("apply"), std::string::npos);
}

TEST_F(KubernetesStandIn, ResumeMakesTheSameObjectsAgainOnceTheJobHasEnded) {
  const auto run = launch("run");
  EXPECT_EQ(run->wait(), 0) << run->output();
  const std::string before = testing::text_of(folder.path("manifest"));
  std::filesystem::remove(folder.path("manifest"));
  folder.write("active", "3\n");
  const auto early = resume();
  EXPECT_EQ(early->wait(), 76) << early->output();
  EXPECT_FALSE(std::filesystem::exists(folder.path("manifest")));
  folder.write("active", "\n");
  const auto again = resume();
  EXPECT_EQ(again->wait(), 0) << again->output();
  const std::string after = testing::text_of(folder.path("manifest"));
  const auto without_secrets = [](const std::string& manifest) {
    const auto begin = manifest.find("\"kind\": \"Secret\"");
    return manifest.substr(0, begin) + manifest.substr(manifest.find("---", begin));
  };
  EXPECT_NE(before, after) << "the keys are new";
  EXPECT_EQ(without_secrets(before), without_secrets(after));
  EXPECT_NE(testing::text_of(folder.path("calls")).find("delete job,service,configmap,secret -l"),
            std::string::npos);
}

}  // namespace
}  // namespace tacit
