// Goal: whenever power is lost during a run, `tacit resume` goes on with what the disk holds, and
// ends with the digest and the metrics of the undisturbed run.
// Method: the run folder is on an ext4 file system in a file, mounted so that nothing but a flush
// brings data to the disk soon. Everything is killed, and the file is copied while it is mounted:
// the copy lacks whatever was in the page cache alone, as after a loss of power. (After SIGKILL
// alone the page cache is still there, and so is everything that was ever written.) The copy is
// mounted in its place, which replays its journal, and the run is resumed there.
// Skipped where no file system can be mounted. TACIT_POWER_LOSSES asks for more than the usual.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>

#include <cstdlib>

#include "common/base/random.h"
#include "tests/support/checkpoint_watch.h"
#include "tests/support/machines.h"

namespace tacit {
namespace {

using testing::CheckpointWatch;
using testing::Child;
using testing::TemporaryFolder;

constexpr std::uint64_t kLossesUsual = 4;
constexpr std::uint64_t kMostCheckpoints = 40;
constexpr std::uintmax_t kDiskBytes = std::uintmax_t{64} << 20;

/// Asked before the mount namespace changes: the path of this program may be another one after it.
const std::string kTacit = testing::program("tacit");

/// A disk in a file in memory, mounted at `place`, in a mount namespace that ends with this
/// program.
class Disk {
 public:
  Disk() {
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tacit", folder_.path().c_str(), "tmpfs", 0, nullptr) != 0) {
      obstacle_ = "only root may mount file systems";
      return;
    }
    std::filesystem::create_directory(place());
    std::ofstream(image()).close();
    std::filesystem::resize_file(image(), kDiskBytes);
    if (call({"mkfs.ext4", "-q", image()})) attach();
  }
  ~Disk() {
    if (attached_) detach();
    umount2(folder_.path().c_str(), MNT_DETACH);
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// Why there is no such disk here; empty if there is.
  const std::string& obstacle() const { return obstacle_; }
  std::string place(const std::string& name = "") const { return folder_.path("disk/" + name); }

  /// What is in memory alone is gone. @pre nobody has an open file on it
  bool lose_power() {
    std::filesystem::copy_file(image(), folder_.path("copy"));
    if (!detach()) return false;
    std::filesystem::rename(folder_.path("copy"), image());
    return attach();
  }

 private:
  std::string image() const { return folder_.path("image"); }
  bool attach() {
    // No commit by time, and no flush that the kernel adds of its own accord for careless programs.
    attached_ = call({"mount", "-o", "loop,commit=3600,noauto_da_alloc", image(), place()});
    return attached_;
  }
  bool detach() {
    attached_ = false;
    return call({"umount", place()});
  }
  bool call(const std::vector<std::string>& words) {
    std::string output;
    if (testing::run(words, &output) == 0) return true;
    obstacle_ = words[0] + ": " + output;
    return false;
  }

  const TemporaryFolder folder_;
  std::string obstacle_;
  bool attached_ = false;
};

class PowerLoss : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!disk.obstacle().empty()) GTEST_SKIP() << disk.obstacle();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    std::ofstream(elsewhere.path("experiment.toml"))
        << "system = 'grid'\n[run]\nagents = 4\n[graph]\nkind = 'complete'\n[links]\n"
           "model = 'bernoulli'\nup_probability = 0.7\n[time]\ncheckpoint_rounds = 40\n"
           "[grid]\npolicy = 'threshold'\nhours = 3000\nbenchmark = false\n";
  }

  std::unique_ptr<Child> tacit(std::vector<std::string> words) {
    words.insert(words.begin(), kTacit);
    return std::make_unique<Child>(words, disk.place());
  }
  std::unique_ptr<Child> start(const std::string& out, std::vector<std::string> options) {
    options.insert(options.begin(), {"run", elsewhere.path("experiment.toml"), "--no-report",
                                     "--json", "--out", out});
    return tacit(options);
  }

  /// Starts a run, and loses power after so many checkpoints in `folder`.
  void cut_off(const std::string& run, const std::vector<std::string>& options,
               const std::string& folder, std::uint64_t checkpoint_count) {
    const auto child = start(run, options);
    ASSERT_TRUE(child->wait_for("run folder: ")) << child->output();
    {
      const CheckpointWatch watch(disk.place(folder));
      ASSERT_TRUE(watch.wait_for(checkpoint_count)) << child->output();
    }
    ::kill(-child->pid(), SIGKILL);
    child->wait();
    while (waitpid(-1, nullptr, 0) > 0) {  // all that held files open there
    }
    ASSERT_TRUE(disk.lose_power()) << disk.obstacle();
  }

  void expect_resumed_like(const std::string& whole, const std::string& run) {
    const auto resumed = tacit({"resume", run, "--no-report", "--json"});
    ASSERT_LE(resumed->wait(), 1) << resumed->output() << testing::text_of(log_of(run));
    EXPECT_EQ(testing::digest_in(resumed->output()), testing::digest_in(whole));
    for (int agent = 0; agent < 4; ++agent) {
      const std::string file = "/agents/00" + std::to_string(agent) + "/metrics.csv";
      EXPECT_TRUE(testing::text_of(disk.place(run + file)) ==
                  testing::text_of(elsewhere.path("whole" + file)))
          << file << " differs";
    }
  }
  std::string log_of(const std::string& run) const { return disk.place(run + "/agents/000/log"); }

  Disk disk;
  const TemporaryFolder elsewhere;
};

std::uint64_t loss_count() {
  const char* asked = std::getenv("TACIT_POWER_LOSSES");
  return asked == nullptr ? kLossesUsual : std::strtoull(asked, nullptr, 10);
}

TEST_F(PowerLoss, ARunOfProcessesGoesOnFromWhatTheDiskHolds) {
  const auto whole = start(elsewhere.path("whole"), {"--in-process"});
  ASSERT_LE(whole->wait(), 1) << whole->output();
  for (std::uint64_t seed = 0; seed < loss_count(); ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.power_loss"), 0);
    std::uint64_t word = stream();
    const std::uint64_t moment = seed == 0 ? 0 : split_off(word, kMostCheckpoints);
    const std::string run = "run-" + std::to_string(seed);
    cut_off(run, {}, run + "/agents/000", moment);
    if (HasFatalFailure()) return;
    expect_resumed_like(whole->output(), run);
    if (HasFailure()) return;
    const bool went_on =
        testing::text_of(log_of(run)).find("goes on from round") != std::string::npos;
    EXPECT_TRUE(went_on || moment < 2) << "began anew after " << moment << " checkpoints";
  }
}

TEST_F(PowerLoss, ARunInOneProcessGoesOnFromWhatTheDiskHolds) {
  const auto whole = start(elsewhere.path("whole"), {"--in-process"});
  ASSERT_LE(whole->wait(), 1) << whole->output();
  for (std::uint64_t moment = 0; moment < 3; ++moment) {
    SCOPED_TRACE(::testing::Message() << "after checkpoints: " << moment);
    const std::string run = "run-" + std::to_string(moment);
    cut_off(run, {"--in-process"}, run, std::min<std::uint64_t>(moment, 1));
    if (HasFatalFailure()) return;
    expect_resumed_like(whole->output(), run);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace tacit
