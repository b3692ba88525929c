// Goal: a run in which every process, the coordinator included, is killed once with SIGKILL, at its
// own round and in its own phase, ends with the digest of the run in which nobody was, and leaves
// no process behind. Method: shortened runs of the three systems as real processes with planned
// kills, drawn from the seed: neighbours down at once, kills while others replay, in the greeting,
// in the middle of a checkpoint, after a round was learned from, after the last round. This program
// adopts whoever loses its parent, and so counts them. TACIT_KILL_RUNS asks for more runs of each
// system than the usual two.
#include <gtest/gtest.h>
#include <sys/prctl.h>

#include <cstdlib>
#include <fstream>

#include "common/base/random.h"
#include "tests/support/child.h"

namespace tacit {
namespace {

using testing::Child;
using testing::TemporaryFolder;

struct Killed {
  std::string name;
  std::string text;  ///< of the experiment
  std::size_t process_count;
  std::uint64_t round_count;
};

void PrintTo(const Killed& killed, std::ostream* out) { *out << killed.name; }

const std::string kTime = "[time]\ncheckpoint_rounds = 40\nstart_deadline_s = 60\n";
const std::string kBernoulli = "[links]\nmodel = 'bernoulli'\nup_probability = 0.7\n";

std::vector<Killed> cases() {
  return {
      {"offload_iql",
       "system = 'offload'\n[run]\nagents = 4\n" + kTime +
           "[offload]\nmethod = 'iql'\nslots = 300\nrecord_slots = 7\n",
       5, 600},
      {"offload_coordinator",
       "system = 'offload'\n[run]\nagents = 4\n" + kTime +
           "[offload]\nq_steps = 20000\nevaluation_slots = 2000\nlambda_updates = 4\n"
           "slow_steps = 5\n",
       5, 20},
      {"grid",
       "system = 'grid'\n[run]\nagents = 7\n[graph]\nkind = 'small_world'\n" + kBernoulli + kTime +
           "[grid]\npolicy = 'threshold'\nhours = 600\n",
       7, 600},
      {"patrol",
       "system = 'patrol'\n[run]\nagents = 5\n[graph]\nkind = 'complete'\n[links]\n"
       "model = 'line_of_sight'\n" +
           kTime +
           "[patrol]\nrollouts = 10\nrollout_steps = 60\n[patrol.training]\nsteps_per_block = 1\n"
           "rounds = 0\nquality_runs = 1\nquality_steps = 60\nattempts_most = 1\n",
       5, 600},
  };
}

/// One kill for every process. In half of the runs all are within a few rounds of each other, so
/// that neighbours are down together and kills meet replays.
std::string kills_of(const Killed& killed, std::uint64_t seed) {
  RandomStream stream(seed, process_id(0), purpose("test.kill_plan"), 0);
  const auto draw = [&](std::uint64_t n) {
    std::uint64_t word = stream();
    return split_off(word, n);
  };
  const std::uint64_t centre = draw(killed.round_count);
  std::string text;
  for (std::size_t process = 0; process < killed.process_count; ++process) {
    text += "[[faults]]\nkind = 'kill'\nprocess = " + std::to_string(process) + "\n";
    const std::uint64_t phase = draw(8);
    const std::uint64_t round = seed % 2 == 0 ? draw(killed.round_count)
                                              : std::min(killed.round_count - 1, centre + draw(80));
    if (phase == 0) {
      text += "phase = 'handshake'\n";
    } else if (phase == 1) {
      text += "phase = 'end'\n";
    } else if (phase == 2 || phase == 3) {
      text += std::string("phase = ") + (phase == 2 ? "'checkpoint'" : "'training'") +
              "\nround = " + std::to_string(round) + "\n";
    } else {
      text +=
          "phase = 'exchange'\nround = " + std::to_string(phase == 4 ? killed.round_count : round) +
          "\n";
    }
  }
  return text;
}

std::uint64_t run_count() {
  const char* asked = std::getenv("TACIT_KILL_RUNS");
  return asked == nullptr ? TACIT_KILL_RUNS_USUAL : std::strtoull(asked, nullptr, 10);
}

class KillTest : public ::testing::TestWithParam<Killed> {
 protected:
  static void SetUpTestSuite() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

  /// @return the digest
  std::string run(const std::string& text, std::uint64_t seed,
                  const std::vector<std::string>& options) {
    const TemporaryFolder run_folder;
    const std::string file = run_folder.path("experiment.toml");
    std::ofstream(file) << text;
    std::vector<std::string> words{testing::program("tacit"),
                                   "run",
                                   file,
                                   "--no-report",
                                   "--json",
                                   "--seed",
                                   std::to_string(seed),
                                   "--out",
                                   run_folder.path("run"),
                                   "--policies",
                                   folder.path("policies")};
    words.insert(words.end(), options.begin(), options.end());
    Child child(words, run_folder.path());
    const int code = child.wait();
    output = child.output();
    EXPECT_TRUE(code == 0 || code == 1) << "exit code " << code << "\n" << output;
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process is left";
    return testing::digest_in(output);
  }

  TemporaryFolder folder;
  std::string output;
};

TEST_P(KillTest, EveryProcessIsKilledOnceAndNothingIsLost) {
  std::uint64_t kills = 0;
  for (std::uint64_t seed = 1; seed <= run_count(); ++seed) {
    SCOPED_TRACE(::testing::Message() << GetParam().name << ", seed=" << seed);
    const std::string expected = run(GetParam().text, seed, {"--in-process"});
    const std::string faults = kills_of(GetParam(), seed);
    EXPECT_EQ(run(GetParam().text + faults, seed, {}), expected) << faults;
    std::size_t count = 0;
    for (std::size_t at = 0; (at = output.find("started again (1 of", at)) != std::string::npos;
         ++at) {
      ++count;
    }
    EXPECT_EQ(count, GetParam().process_count) << faults << output;
    kills += count;
    if (HasFailure()) break;
  }
  RecordProperty("kills", static_cast<int>(kills));
  std::printf("%s: %llu kills\n", GetParam().name.c_str(), static_cast<unsigned long long>(kills));
}

// Goal: after the death of everything, supervisor included, the run goes on where it was.
TEST(Resume, GoesOnAfterTheDeathOfEverything) {
  const TemporaryFolder folder;
  const std::string file = folder.path("experiment.toml");
  std::ofstream(file) << "system = 'grid'\n[run]\nagents = 4\n[graph]\nkind = 'complete'\n"
                      << kBernoulli << kTime
                      << "[grid]\npolicy = 'threshold'\nhours = 6000\nbenchmark = false\n";
  const auto tacit = [&](std::vector<std::string> words) {
    words.insert(words.begin(), testing::program("tacit"));
    return std::make_unique<Child>(words, folder.path());
  };
  const auto whole =
      tacit({"run", file, "--in-process", "--no-report", "--json", "--out", "whole"});
  EXPECT_LE(whole->wait(), 1) << whole->output();

  const auto cut_off = tacit({"run", file, "--no-report", "--out", "run"});
  ASSERT_TRUE(cut_off->wait_for("4 of 4 processes past the start barrier")) << cut_off->output();
  const auto second = tacit({"resume", "run"});
  EXPECT_EQ(second->wait(), 76) << second->output();
  cut_off->send_signal(SIGKILL);
  cut_off->wait();  // the output ends with the last of its processes

  const auto resumed = tacit({"resume", "run", "--no-report", "--json"});
  EXPECT_LE(resumed->wait(), 1) << resumed->output();
  EXPECT_EQ(testing::digest_in(resumed->output()), testing::digest_in(whole->output()));

  const auto again = tacit({"resume", "whole", "--no-report", "--json"});
  EXPECT_LE(again->wait(), 1) << again->output();
  EXPECT_EQ(testing::digest_in(again->output()), testing::digest_in(whole->output()));
}

INSTANTIATE_TEST_SUITE_P(Systems, KillTest, ::testing::ValuesIn(cases()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace tacit
