// Goal: a process that comes back takes up nothing but what is its own, and says at once what it
// found instead; what a dead life left torn does not keep a run from going on. Method: run folders
// and meeting places that were used, swapped, emptied, or damaged at random, and real processes.
// TACIT_DAMAGES asks for more damaged folders than the usual twelve.
#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "common/base/random.h"
#include "tests/support/child.h"
#include "tests/support/damage.h"

namespace tacit {
namespace {

namespace fs = std::filesystem;
using testing::Child;
using testing::text_of;

class Stale : public ::testing::Test {
 protected:
  std::unique_ptr<Child> start(const std::string& program, std::vector<std::string> words) {
    words.insert(words.begin(), testing::program(program));
    return std::make_unique<Child>(words, folder.path());
  }

  void expect_end(Child& child, int code, const std::vector<std::string>& words) {
    EXPECT_EQ(child.wait(), code) << child.output();
    for (const std::string& word : words) {
      EXPECT_NE(child.output().find(word), std::string::npos) << word << " is missing in:\n"
                                                              << child.output();
    }
  }

  void run_whole() {
    const auto run = start("tacit", {"run", experiment, "--no-report", "--json", "--out", "run"});
    EXPECT_LE(run->wait(), 1) << run->output();
  }

  std::unique_ptr<Child> run_in_process() {
    auto whole = start(
        "tacit", {"run", experiment, "--in-process", "--no-report", "--json", "--out", "whole"});
    EXPECT_LE(whole->wait(), 1) << whole->output();
    return whole;
  }

  /// Leaves a run that was killed while everybody waited for agent 0, which stood still.
  void cut_off() {
    const auto run =
        start("tacit", {"run", experiment, "--no-report", "--out", "run", "-s",
                        "faults=[{kind='pause',process=0,round=300,length_ms=200000}]"});
    ASSERT_TRUE(run->wait_for("3 of 3 processes past the start barrier")) << run->output();
    Child watch(
        {"/bin/sh", "-c", "until grep -q pause run/agents/000/faults.csv 2>/dev/null; do :; done"},
        folder.path());
    ASSERT_EQ(watch.wait(), 0);
    run->send_signal(SIGKILL);
    run->wait();
  }

  void expect_resume(int code, const std::vector<std::string>& words) {
    expect_end(*start("tacit", {"resume", "run", "--no-report"}), code, words);
  }

  testing::TemporaryFolder folder;
  std::string experiment = folder.write(
      "short.toml",
      "system = 'grid'\n[run]\nagents = 3\n[graph]\nkind = 'complete'\n[time]\n"
      "checkpoint_rounds = 50\n[grid]\npolicy = 'threshold'\nbenchmark = false\nhours = 500\n");
};

TEST_F(Stale, AUsedMeetingPlaceServesNoOtherSeed) {
  const auto meet = [&](const std::string& seed) {
    std::vector<std::unique_ptr<Child>> agents;
    for (const char* const id : {"0", "1", "2"}) {
      agents.push_back(start("tacit-agent", {"--id", id, "--experiment", experiment, "--rendezvous",
                                             "meeting/", "-s", "run.seed=" + seed}));
    }
    return agents;
  };
  for (const auto& agent : meet("1")) expect_end(*agent, 0, {});
  const std::string before = text_of(folder.path("meeting/agents/000/result.json"));
  for (const auto& agent : meet("2")) expect_end(*agent, 76, {"config hash", "but this process"});
  EXPECT_EQ(text_of(folder.path("meeting/agents/000/result.json")), before);
  // Folders of the processes that are new do not help.
  fs::remove_all(folder.path("meeting/agents"));
  for (const auto& agent : meet("2")) expect_end(*agent, 76, {"here meet processes of a run with"});
}

TEST_F(Stale, AUsedFolderServesNoOtherSeedAtACoordinatorEither) {
  const auto meet = [&](const std::string& seed, int code) {
    const std::string override = "run.seed=" + seed;
    const auto coordinator = start("tacit-coordinator", {"--experiment", experiment, "--out",
                                                         "coordinator-" + seed, "-s", override});
    ASSERT_TRUE(coordinator->wait_for("--rendezvous tcp://")) << coordinator->output();
    const auto begin = coordinator->output().find("tcp://");
    ASSERT_TRUE(coordinator->wait_for("\n", begin));
    const auto end = coordinator->output().find('\n', begin);
    std::vector<std::unique_ptr<Child>> agents;
    for (const char* const id : {"0", "1", "2"}) {
      agents.push_back(start(
          "tacit-agent", {"--id", id, "--experiment", experiment, "--out", "out", "--rendezvous",
                          coordinator->output().substr(begin, end - begin), "-s", override}));
    }
    for (const auto& agent : agents) expect_end(*agent, code, {code == 0 ? "" : "config hash"});
  };
  meet("1", 0);
  meet("2", 76);
}

TEST_F(Stale, SwappedFoldersAreRefusedNamingBoth) {
  run_whole();
  fs::rename(folder.path("run/agents/000"), folder.path("swap"));
  fs::rename(folder.path("run/agents/001"), folder.path("run/agents/000"));
  fs::rename(folder.path("swap"), folder.path("run/agents/001"));
  expect_resume(76, {"is of agent ", "but this process is agent "});
}

TEST_F(Stale, ACheckpointCopiedOverAnotherIsRefusedNamingBoth) {
  run_whole();
  for (const char* const name : {"checkpoint-0", "checkpoint-1", "metrics.csv"}) {
    fs::copy(folder.path("run/agents/000/") + name, folder.path("run/agents/001/") + name,
             fs::copy_options::overwrite_existing);
  }
  expect_resume(76, {"is of agent 0", "but this process is agent 1"});
}

TEST_F(Stale, AnEmptiedFolderEndsTheRunAtOnceAndIsNamed) {
  run_whole();
  for (const auto& entry : fs::directory_iterator(folder.path("run/agents/001"))) {
    fs::remove_all(entry.path());
  }
  expect_resume(75, {"agent 1 goes on from round 0, but frames of agent ", "are forgotten"});
}

// A process that was killed after its last round needs nobody who has ended, but all others.
TEST_F(Stale, WhoHasEndedIsKnownFromAMarkAndNotFromWhatIsMissing) {
  const auto agent = [&](const std::string& id, const std::string& deadline_s) {
    return start("tacit-agent", {"--id", id, "--experiment", experiment, "--rendezvous", "meeting/",
                                 "-s", "time.start_deadline_s=" + deadline_s});
  };
  std::vector<std::unique_ptr<Child>> agents;
  for (const char* const id : {"0", "1", "2"}) agents.push_back(agent(id, "60"));
  for (const auto& each : agents) expect_end(*each, 0, {});
  const std::string before = text_of(folder.path("meeting/agents/000/result.json"));
  expect_end(*agent("0", "60"), 0, {});
  EXPECT_EQ(text_of(folder.path("meeting/agents/000/result.json")), before);
  fs::remove(folder.path("meeting/rendezvous/2.ended"));
  expect_end(*agent("0", "0.3"), 69, {"agent 2 did not come"});
}

/// Changes one bit of a file, so far from its end.
void turn_a_bit(const std::string& path, std::size_t from_end) {
  std::string text = text_of(path);
  char& letter = text.at(text.size() - from_end);
  letter = static_cast<char>(letter ^ 1);
  std::ofstream(path, std::ios::binary) << text;
}

/// The records that a run which was killed in the middle needs, or may stumble over.
std::vector<fs::path> records_of(const fs::path& run) {
  std::vector<fs::path> records;
  for (const auto& entry : fs::directory_iterator(run / "rendezvous")) {
    if (entry.path().extension() != ".lock") records.push_back(entry.path());
  }
  for (const auto& agent : fs::directory_iterator(run / "agents")) {
    for (const char* const name : {"incarnation", "incarnation.copy"}) {
      records.push_back(agent.path() / name);
    }
  }
  std::ranges::sort(records);
  return records;
}

TEST_F(Stale, RecordsThatWereDamagedAtRandomDoNotKeepARunFromGoingOn) {
  const auto whole = run_in_process();
  ASSERT_NO_FATAL_FAILURE(cut_off());
  fs::rename(folder.path("run"), folder.path("cut-off"));

  const char* asked = std::getenv("TACIT_DAMAGES");
  const std::uint64_t count = asked == nullptr ? 12 : std::strtoull(asked, nullptr, 10);
  for (std::uint64_t seed = 0; seed < count; ++seed) {
    RandomStream stream(seed, process_id(0), purpose("test.damage"), 0);
    fs::remove_all(folder.path("run"));
    fs::copy(folder.path("cut-off"), folder.path("run"), fs::copy_options::recursive);
    std::string what;
    for (std::uint64_t k = 1 + stream() % 3; k > 0; --k) {
      const auto records = records_of(folder.path("run"));
      what += testing::damage(records[stream() % records.size()], stream) + "; ";
    }
    SCOPED_TRACE(::testing::Message() << "seed=" << seed << ": " << what);
    const auto resumed = start("tacit", {"resume", "run", "--no-report", "--json"});
    const int code = resumed->wait();
    if (code == 74) {  // both files of one pair
      EXPECT_NE(resumed->output().find("damaged, both"), std::string::npos) << resumed->output();
    } else {
      EXPECT_LE(code, 1) << resumed->output();
      EXPECT_EQ(testing::digest_in(resumed->output()), testing::digest_in(whole->output()));
    }
  }
}

// What a process wrote before its checkpoint is what its summary is made of.
TEST_F(Stale, MetricsThatWereChangedBeforeTheCheckpointAreNotTaken) {
  const auto whole = run_in_process();
  ASSERT_NO_FATAL_FAILURE(cut_off());
  fs::copy(folder.path("run"), folder.path("cut-off"), fs::copy_options::recursive);
  const std::string metrics = "/agents/001/metrics.csv";
  turn_a_bit(folder.path("run" + metrics), 2);  // of the last row: since the checkpoint before
  const auto resumed = start("tacit", {"resume", "run", "--no-report", "--json"});
  EXPECT_LE(resumed->wait(), 1) << resumed->output();
  EXPECT_EQ(testing::digest_in(resumed->output()), testing::digest_in(whole->output()));
  EXPECT_TRUE(text_of(folder.path("run" + metrics)) == text_of(folder.path("whole" + metrics)));

  fs::remove_all(folder.path("run"));
  fs::rename(folder.path("cut-off"), folder.path("run"));
  const auto size = fs::file_size(folder.path("run" + metrics));
  turn_a_bit(folder.path("run" + metrics),
             size - text_of(folder.path("run" + metrics)).find('\n') - 3);
  expect_resume(74, {"001/metrics.csv: is not what the checkpoint goes on from"});
}

}  // namespace
}  // namespace tacit
