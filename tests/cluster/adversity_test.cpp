// Goal: the failures that nobody plans for have the outcome that the documentation promises.
// Method: real runs on a disk that fills up, without their meeting place, side by side in numbers.
// TACIT_STARTS asks for more starts than the usual 20.
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

const std::string kGrid =
    "system = 'grid'\n[run]\nagents = 4\n[graph]\nkind = 'complete'\n[time]\n"
    "checkpoint_rounds = 200\n[grid]\npolicy = 'threshold'\nbenchmark = false\nhours = 20000\n";

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
