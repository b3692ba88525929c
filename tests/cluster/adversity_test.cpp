// Goal: the failures that nobody plans for have the outcome that the documentation promises.
// Method: real runs on a disk that fills up, without their meeting place, with processes that stand
// still, with a wall clock that jumps, with too few descriptors, side by side in numbers.
// TACIT_STARTS asks for more starts than the usual 20, TACIT_PAUSE_MS for longer pauses than the
// usual 500 (12000 is beyond the heartbeats' deadline).
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#include <cstdlib>
#include <fstream>
#include <memory>

#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

const std::string kGridOf =
    "system = 'grid'\n[run]\nagents = 4\n[graph]\nkind = 'complete'\n[time]\n"
    "checkpoint_rounds = 200\n[grid]\npolicy = 'threshold'\nbenchmark = false\nhours = ";
const std::string kGrid = kGridOf + "20000\n";
const std::string kShortGrid = kGridOf + "6000\n";

std::unique_ptr<Child> tacit(const TemporaryFolder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), testing::program("tacit"));
  return std::make_unique<Child>(words, folder.path());
}

std::string digest_in_process(const TemporaryFolder& folder) {
  const auto whole = tacit(folder, {"run", "experiment.toml", "--in-process", "--no-report",
                                    "--json", "--out", "whole"});
  EXPECT_LE(whole->wait(), 1) << whole->output();
  return testing::digest_in(whole->output());
}

/// A disk of its own, of a few kilobytes, for as long as it lives.
class SmallDisk {
 public:
  explicit SmallDisk(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directory(path_);
    is_there_ = mount("tacit-test", path_.c_str(), "tmpfs", 0, "size=700k") == 0;
  }
  ~SmallDisk() {
    if (is_there_) umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool is_there() const { return is_there_; }
  bool grow() const {
    return mount("tacit-test", path_.c_str(), "tmpfs", MS_REMOUNT, "size=200m") == 0;
  }

 private:
  std::string path_;
  bool is_there_ = false;
};

TEST(Adversity, AFullDiskEndsTheRunAndItGoesOnWhenThereIsRoom) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kGrid;
  const SmallDisk disk(folder.path("disk"));
  if (!disk.is_there()) GTEST_SKIP() << "mounting a disk needs root";
  const std::string expected = digest_in_process(folder);

  const auto cut_off =
      tacit(folder, {"run", "experiment.toml", "--no-report", "--out", "disk/run"});
  EXPECT_EQ(cut_off->wait(), 74) << cut_off->output();
  EXPECT_NE(cut_off->output().find("No space left"), std::string::npos) << cut_off->output();

  ASSERT_TRUE(disk.grow());
  const auto resumed = tacit(folder, {"resume", "disk/run", "--no-report", "--json"});
  EXPECT_LE(resumed->wait(), 1) << resumed->output();
  EXPECT_EQ(testing::digest_in(resumed->output()), expected);
}

TEST(Adversity, AFullDiskAtTheMeetingPlaceIsNamed) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kShortGrid;
  const SmallDisk disk(folder.path("disk"));
  if (!disk.is_there()) GTEST_SKIP() << "mounting a disk needs root";
  const auto come = [&](const std::string& deadline_s) {
    return std::make_unique<Child>(
        std::vector<std::string>{testing::program("tacit-agent"), "--experiment", "experiment.toml",
                                 "--id", "0", "--rendezvous", "disk/", "--out", "run", "-s",
                                 "time.start_deadline_s=" + deadline_s},
        folder.path());
  };
  EXPECT_EQ(come("0.1")->wait(), 69) << "whoever comes first says which run meets here";
  std::ofstream(folder.path("disk/all")) << std::string(std::size_t{1} << 20, 'x');
  const auto agent = come("60");
  EXPECT_EQ(agent->wait(), 74) << agent->output();
  for (const char* const part : {"disk/rendezvous/0.", "No space left"}) {
    EXPECT_NE(agent->output().find(part), std::string::npos) << agent->output();
  }
}

TEST(Adversity, WhoHasMetNeedsTheMeetingPlaceNoMore) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kGrid;
  const std::string expected = digest_in_process(folder);
  const auto run =
      tacit(folder, {"run", "experiment.toml", "--no-report", "--json", "--out", "run"});
  ASSERT_TRUE(run->wait_for("4 of 4 processes past the start barrier")) << run->output();
  std::filesystem::remove_all(folder.path("run/rendezvous"));
  EXPECT_LE(run->wait(), 1) << run->output();
  EXPECT_EQ(testing::digest_in(run->output()), expected);
}

/// The outcome of the grid with faults, all of its processes in one folder.
std::string digest_with(const TemporaryFolder& folder, const std::string& name,
                        const std::string& faults) {
  const auto run = tacit(folder, {"run", "experiment.toml", "--no-report", "--json", "--out", name,
                                  "-s", "faults=[" + faults + "]"});
  EXPECT_LE(run->wait(), 1) << run->output();
  EXPECT_EQ(run->output().find("started again"), std::string::npos) << run->output();
  return testing::digest_in(run->output());
}

TEST(Adversity, StandingStillAnywhereLosesNothing) {
  const char* asked = std::getenv("TACIT_PAUSE_MS");
  const std::string length = std::string(",length_ms=") + (asked == nullptr ? "500" : asked);
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kShortGrid;
  const std::string expected = digest_in_process(folder);
  std::string faults;
  int process = 0;
  for (const std::string place : {"phase='handshake'", "phase='checkpoint',round=1000",
                                  "phase='exchange',round=3000", "phase='training',round=5000"}) {
    faults += (process > 0 ? "," : "") + std::string("{kind='pause',process=") +
              std::to_string(process) + "," + place + length + "}";
    ++process;
  }
  EXPECT_EQ(digest_with(folder, "run", faults), expected);
  for (int agent = 0; agent < 4; ++agent) {
    const std::string own = "run/agents/00" + std::to_string(agent);
    EXPECT_NE(testing::text_of(folder.path(own + "/faults.csv")).find("pause"), std::string::npos);
    const std::string log = testing::text_of(folder.path(own + "/log"));
    EXPECT_NE(log.find("receiving at"), std::string::npos) << log;
    if (asked == nullptr) {
      EXPECT_EQ(log.find("is down"), std::string::npos) << log;
    }
  }
}

TEST(Adversity, AProcessThatIsSlowInEveryRoundDisturbsNobody) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kShortGrid;
  const std::string expected = digest_in_process(folder);
  const std::string slow = "{kind='pause',process=1,from=500,to=530,length_ms=100}";
  EXPECT_EQ(digest_with(folder, "run", slow), expected);
  for (const char* const agent : {"000", "002", "003"}) {
    const std::string log =
        testing::text_of(folder.path(std::string("run/agents/") + agent + "/log"));
    EXPECT_NE(log.find("receiving at"), std::string::npos) << log;
    for (const char* const word : {"is down", "again"}) {
      EXPECT_EQ(log.find(word), std::string::npos) << log;
    }
  }
}

TEST(Adversity, TheWallClockMeansNothing) {
  if (std::string(TACIT_SANITIZER) != "none") GTEST_SKIP() << "a sanitizer is preloaded first";
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kShortGrid;
  const std::string expected = digest_in_process(folder);
  setenv("LD_PRELOAD", TACIT_MOVED_CLOCK, 1);
  const std::string found = digest_with(folder, "run", "");
  unsetenv("LD_PRELOAD");
  EXPECT_EQ(found, expected);
  // The clock was moved, or this test would show nothing.
  const auto minutes = [&](const char* run) {
    const std::string text = testing::text_of(folder.path(std::string(run) + "/run.json"));
    const auto at = text.find("T", text.find("\"started\""));
    return 60 * std::stoi(text.substr(at + 1, 2)) + std::stoi(text.substr(at + 3, 2));
  };
  const int moved = std::abs(minutes("run") - minutes("whole"));
  EXPECT_GT(std::min(moved, 24 * 60 - moved), 50);
}

TEST(Adversity, TooFewDescriptorsAreNamedAtTheStart) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kShortGrid;
  Child run({"/bin/sh", "-c", "ulimit -n 60; exec \"$0\" run experiment.toml --no-report --out run",
             testing::program("tacit")},
            folder.path());
  EXPECT_EQ(run.wait(), 74) << run.output();
  EXPECT_NE(run.output().find("open files"), std::string::npos) << run.output();
  EXPECT_NE(run.output().find("ulimit -Hn"), std::string::npos) << run.output();
}

TEST(Adversity, RecordsThatAreNoneAreReplacedByThoseWhoseTheyAre) {
  const TemporaryFolder folder;
  std::ofstream(folder.path("experiment.toml")) << kGridOf + "300\n";
  for (const std::string text :
       {"{\"id\": 1, \"endpoint\": \"tcp://192.0.", "garbage", "{\"id\": 2}", ""}) {
    SCOPED_TRACE(text);
    std::filesystem::remove_all(folder.path("meeting"));
    std::filesystem::create_directories(folder.path("meeting/rendezvous"));
    std::ofstream(folder.path("meeting/rendezvous/1.json")) << text;
    std::vector<std::unique_ptr<Child>> agents;
    for (const char* const id : {"0", "2", "3", "1"}) {
      agents.push_back(std::make_unique<Child>(
          std::vector<std::string>{testing::program("tacit-agent"), "--experiment",
                                   "experiment.toml", "--id", id, "--rendezvous", "meeting/"},
          folder.path()));
      if (agents.size() == 1) {
        ASSERT_TRUE(agents.front()->wait_for("meeting in")) << agents.front()->output();
      }
    }
    for (const auto& agent : agents) EXPECT_EQ(agent->wait(), 0) << agent->output();
  }
}

TEST(Adversity, StartsSideBySideDisturbNobodyAndLeaveNothing) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const char* asked = std::getenv("TACIT_STARTS");
  const std::size_t count = asked == nullptr ? 20 : std::strtoul(asked, nullptr, 10);
  const TemporaryFolder folder;
  setenv("TMPDIR", folder.path().c_str(), 1);  // where sockets are
  std::ofstream(folder.path("experiment.toml"))
      << "system = 'offload'\n[run]\nagents = 3\n[offload]\nmethod = 'iql'\nslots = 30\n"
         "record_slots = 7\n";
  std::string digest;
  for (std::size_t started = 0; started < count; started += 10) {
    std::vector<std::unique_ptr<Child>> beside;
    for (std::size_t k = started; k < std::min(count, started + 10); ++k) {
      beside.push_back(tacit(folder, {"run", "experiment.toml", "--no-report", "--json", "--out",
                                      "run-" + std::to_string(k)}));
    }
    for (const auto& run : beside) {
      ASSERT_LE(run->wait(), 1) << run->output();
      if (digest.empty()) digest = testing::digest_in(run->output());
      ASSERT_EQ(testing::digest_in(run->output()), digest);
      ASSERT_EQ(run->output().find("started again"), std::string::npos) << run->output();
    }
    ASSERT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process is left";
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
    EXPECT_FALSE(entry.is_socket()) << entry.path();
  }
}

}  // namespace
}  // namespace tacit
