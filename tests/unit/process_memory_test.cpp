// Goal: what a process finds of its checkpoints and its count of lives when it comes back, whatever
// became of the files, and that it takes nobody else's for its own.
#include "common/process/process_memory.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <functional>

#include "common/base/digest.h"
#include "common/base/error.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

const std::string kOwner = "agent 1, config hash 1, numeric fingerprint 2";

/// Made when metrics.csv held so many bytes.
ProcessMemory::Checkpoint checkpoint(std::uint8_t content) {
  return {{{content, hash_text(std::string(content, '1'))}},
          std::vector<std::byte>(100, std::byte{content})};
}

class ProcessMemoryTest : public ::testing::Test {
 protected:
  ProcessMemoryTest() { set_metrics_size(100); }
  void set_metrics_size(std::size_t size) {
    std::ofstream(folder.path("metrics.csv")) << std::string(size, '1');
  }
  ProcessMemory memory_of(const std::string& owner = kOwner) const {
    return {folder.path(), owner, {folder.path("metrics.csv")}};
  }
  ProcessMemory of_run(std::uint64_t run) {
    ProcessMemory memory = memory_of();
    memory.load(run);
    return memory;
  }
  ProcessMemory remember(int count) {
    ProcessMemory memory = of_run(7);
    for (int k = 1; k <= count; ++k) memory.save(checkpoint(static_cast<std::uint8_t>(k)));
    return memory;
  }
  void damage(const std::string& name) {
    std::fstream file(folder.path(name), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-20, std::ios::end);
    file.put('~');
  }
  /// What is found, as the content it was made with; 0 if nothing is.
  std::uint64_t found(std::uint64_t run = 7) {
    const auto last = memory_of().load(run);
    return last ? last->metrics[0].size : 0;
  }
  void expect_refusal(ExitCode code, const std::vector<std::string>& words,
                      const std::function<void()>& action) {
    try {
      action();
      FAIL() << "took what it must not";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      for (const std::string& word : words) {
        EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
      }
    }
  }
  testing::TemporaryFolder folder;
};

TEST_F(ProcessMemoryTest, FindsTheNewestThatIsWhole) {
  EXPECT_EQ(found(), 0u);
  remember(5);
  EXPECT_EQ(found(), 5u);
  damage("checkpoint-1");
  EXPECT_EQ(found(), 4u);
  EXPECT_EQ(found(8), 0u) << "of another run";
}

TEST_F(ProcessMemoryTest, ATornOneIsReplacedAndNotTheOneBeforeIt) {
  remember(4).tear(checkpoint(5));
  ProcessMemory next = memory_of();
  EXPECT_EQ(next.load(7)->metrics[0].size, 4u);
  next.tear(checkpoint(5));
  EXPECT_EQ(found(), 4u);
}

TEST_F(ProcessMemoryTest, LeftoversOfAnotherRunAreNoDamage) {
  remember(1).tear(checkpoint(2));
  ProcessMemory other = memory_of();
  EXPECT_FALSE(other.load(8));
  other.tear(checkpoint(1));
  EXPECT_EQ(found(8), 0u);
}

TEST_F(ProcessMemoryTest, TheFirstOneTornIsAStartFromScratchAndBothAreTheEnd) {
  remember(1);
  damage("checkpoint-1");
  EXPECT_EQ(found(), 0u);
  remember(3);
  damage("checkpoint-0");
  damage("checkpoint-1");
  expect_refusal(ExitCode::run_folder, {"neither checkpoint", "checkpoint-0: ", "checkpoint-1: "},
                 [&] { found(); });
}

TEST_F(ProcessMemoryTest, WhatIsOfAnotherIsRefusedNamingBothAndLeftAsItIs) {
  for (const std::string other : {"agent 0, config hash 1, numeric fingerprint 2",
                                  "agent 1, config hash 9, numeric fingerprint 2",
                                  "agent 1, config hash 1, numeric fingerprint 9"}) {
    remember(2);
    const auto refused = [&] { memory_of(other); };
    expect_refusal(ExitCode::mismatch, {"checkpoint-0 is of " + kOwner, other}, refused);
    std::filesystem::remove(folder.path("checkpoint-0"));
    expect_refusal(ExitCode::mismatch, {"checkpoint-1 is of " + kOwner, other}, refused);
    EXPECT_EQ(found(), 1u);
    std::filesystem::remove(folder.path("checkpoint-1"));
    EXPECT_EQ(memory_of().next_incarnation(), 0u);
    expect_refusal(ExitCode::mismatch, {"incarnation is of " + kOwner, other}, refused);
    std::filesystem::remove(folder.path("incarnation"));
    expect_refusal(ExitCode::mismatch, {"incarnation.copy is of " + kOwner, other}, refused);
    std::filesystem::remove(folder.path("incarnation.copy"));
  }
}

TEST_F(ProcessMemoryTest, TheOneBeforeIsTakenIfMetricsAreTooShortForTheNewest) {
  remember(5);
  set_metrics_size(4);
  EXPECT_EQ(found(), 4u);
  set_metrics_size(3);
  expect_refusal(ExitCode::run_folder, {"metrics.csv: is not what", "shorter"}, [&] { found(); });
}

TEST_F(ProcessMemoryTest, TheOneBeforeIsTakenIfMetricsWereChangedSinceTheNewest) {
  remember(5);
  std::ofstream(folder.path("metrics.csv")) << "11110";
  EXPECT_EQ(found(), 4u);
  std::ofstream(folder.path("metrics.csv")) << "11101";
  expect_refusal(ExitCode::run_folder, {"metrics.csv: is not what", "changed"}, [&] { found(); });
}

// Method: every bit of what was written is turned once; the file is cut, and longer, as it is when
// rows came after the checkpoint.
TEST_F(ProcessMemoryTest, AMarkKnowsEveryBitOfTheMetricsBeforeIt) {
  const std::string file = folder.path("marked.csv");
  MetricsWriter writer(file);
  check_begins_with(file, writer.flush());
  const std::array<Sample, 1> row{{{"cost", 0.5}}};
  writer.append(0, row);
  const MetricsMark early = writer.flush();
  writer.append(1, row);
  const MetricsMark mark = writer.flush();
  writer.append(2, row);
  writer.flush();
  check_begins_with(file, early);
  check_begins_with(file, mark);
  const std::string text = read_text(file);
  for (std::size_t bit = 0; bit < 8 * mark.size; ++bit) {
    std::string wrong = text;
    wrong[bit / 8] = static_cast<char>(wrong[bit / 8] ^ (1 << bit % 8));
    write_atomically(file, wrong);
    expect_refusal(ExitCode::run_folder, {"marked.csv", "it was changed"},
                   [&] { check_begins_with(file, mark); });
  }
  write_atomically(file, text.substr(0, mark.size - 1));
  expect_refusal(ExitCode::run_folder, {"marked.csv", "shorter"},
                 [&] { check_begins_with(file, mark); });
  check_begins_with(file, early);
}

TEST_F(ProcessMemoryTest, LivesAreCountedAlthoughOneOfTwoFilesIsLost) {
  const auto next = [&] { return memory_of().next_incarnation(); };
  EXPECT_EQ(next(), 0u);
  EXPECT_EQ(next(), 1u);
  damage("incarnation");
  EXPECT_EQ(next(), 2u);
  damage("incarnation.copy");
  EXPECT_EQ(next(), 3u);
  std::filesystem::remove(folder.path("incarnation"));
  EXPECT_EQ(next(), 4u);
  std::filesystem::remove(folder.path("incarnation.copy"));
  EXPECT_EQ(next(), 5u);
  damage("incarnation");
  damage("incarnation.copy");
  expect_refusal(ExitCode::run_folder, {"incarnation.copy: damaged, both"}, next);
}

}  // namespace
}  // namespace tacit
