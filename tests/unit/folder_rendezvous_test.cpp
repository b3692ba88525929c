// Goal: processes that meet in a folder agree on one run, take nothing of another run or of a dead
// life for a living process, and know who has ended only from a mark that says so.
#include "common/rendezvous/folder_rendezvous.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "common/base/error.h"
#include "common/base/random.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

Greeting greeting(std::uint64_t config_hash = 1, std::uint64_t numeric_fingerprint = 2) {
  Greeting greeting;
  greeting.config_hash = config_hash;
  greeting.numeric_fingerprint = numeric_fingerprint;
  greeting.endpoint = "tcp://127.0.0.1:5555";
  return greeting;
}

class FolderRendezvousTest : public ::testing::Test {
 protected:
  FolderRendezvous come(std::uint64_t proposed_run) {
    return {folder.path("meeting"), greeting(), proposed_run};
  }
  testing::TemporaryFolder folder;
};

TEST_F(FolderRendezvousTest, TheFirstProposalIsTheRunOfAll) {
  EXPECT_EQ(come(7).run(), 7u);
  EXPECT_EQ(come(8).run(), 7u);
}

TEST_F(FolderRendezvousTest, ProposalsOfTheKilledGoWithTheNextThatComes) {
  std::filesystem::create_directory(folder.path("meeting"));
  const auto leave_proposal = [&] {
    std::ofstream(folder.path("meeting/run_id.0000000000000009.proposed")) << "half of on";
  };
  leave_proposal();
  const auto here = come(7);
  here.publish({process_id(1), greeting()});
  leave_proposal();
  EXPECT_EQ(come(8).run(), 7u);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path("meeting"))) {
    names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  EXPECT_EQ(names, (std::vector<std::string>{"1.json", "run_id", "run_id.copy"}));
}

TEST_F(FolderRendezvousTest, WhoComputesSomethingElseIsRefusedNamingBoth) {
  come(7);
  for (const Greeting& other : {greeting(3, 2), greeting(1, 3)}) {
    try {
      FolderRendezvous(folder.path("meeting"), other, 8);
      FAIL() << "met others";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::mismatch);
      for (const std::string& part : {computation(greeting()), computation(other)}) {
        EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
      }
    }
  }
  EXPECT_EQ(come(8).run(), 7u);
}

TEST_F(FolderRendezvousTest, RecordsAreOfThisRunAndThisProcess) {
  const auto here = come(7);
  EXPECT_FALSE(here.find(process_id(1)));
  here.publish({process_id(1), greeting()});
  EXPECT_EQ(here.find(process_id(1))->greeting, greeting());
  std::filesystem::copy(folder.path("meeting/1.json"), folder.path("meeting/2.json"));
  EXPECT_FALSE(here.find(process_id(2))) << "of another process";
  Registration other{process_id(3), greeting()};
  other.run = 8;
  std::ofstream(folder.path("meeting/3.json")) << record_text(other);
  EXPECT_FALSE(here.find(process_id(3))) << "of another run";
  here.withdraw(process_id(1));
  EXPECT_FALSE(here.find(process_id(1)));
}

TEST_F(FolderRendezvousTest, OnlyAMarkSaysThatAProcessHasEnded) {
  const auto here = come(7);
  EXPECT_FALSE(here.has_ended(process_id(1))) << "who has not come has not ended";
  here.publish({process_id(1), greeting()});
  here.withdraw(process_id(1));
  EXPECT_FALSE(here.has_ended(process_id(1))) << "who has gone may come back";
  here.mark_ended(process_id(1));
  EXPECT_TRUE(here.has_ended(process_id(1)));
  here.begin_life(process_id(1));
  EXPECT_FALSE(here.has_ended(process_id(1)));
  std::ofstream(folder.path("meeting/1.ended")) << "0000000000000008";
  EXPECT_FALSE(here.has_ended(process_id(1))) << "of another run";
}

TEST_F(FolderRendezvousTest, ADeadLifeOfAllLeavesNothingButTheRun) {
  const auto here = come(7);
  here.publish({process_id(1), greeting()});
  here.mark_ended(process_id(2));
  begin_life_of_all(folder.path("meeting"));
  EXPECT_FALSE(here.find(process_id(1)));
  EXPECT_FALSE(here.has_ended(process_id(2)));
  EXPECT_EQ(come(8).run(), 7u);
}

// Method: one of the two files damaged in every way that a disk has, then mended, then the other.
TEST_F(FolderRendezvousTest, TheRunIsKnownAlthoughOneOfTwoFilesIsDamaged) {
  come(7);
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.damage"), 0);
    const std::string name = seed % 2 == 0 ? "meeting/run_id" : "meeting/run_id.copy";
    testing::damage(folder.path(name), stream);
    ASSERT_EQ(come(8).run(), 7u);
  }
  std::ofstream(folder.path("meeting/run_id")) << "torn";
  std::ofstream(folder.path("meeting/run_id.copy")) << "torn";
  try {
    come(8);
    FAIL() << "made up a run";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::run_folder);
    EXPECT_NE(std::string(error.what()).find("run_id"), std::string::npos);
  }
}

TEST_F(FolderRendezvousTest, ADamagedRecordOrMarkIsNoneOrWhatItWas) {
  const auto here = come(7);
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(::testing::Message() << "seed=" << seed);
    RandomStream stream(seed, process_id(0), purpose("test.damage"), 1);
    here.publish({process_id(1), greeting()});
    here.mark_ended(process_id(1));
    testing::damage(folder.path("meeting/1.json"), stream);
    testing::damage(folder.path("meeting/1.ended"), stream);
    const auto found = here.find(process_id(1));
    EXPECT_TRUE(!found || found->run == 7u);
    EXPECT_FALSE(here.has_ended(process_id(1)));
  }
}

}  // namespace
}  // namespace tacit
