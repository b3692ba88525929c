// Goal: what a process finds of its checkpoints when it comes back, whatever became of the files.
#include "agent/process/process_memory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "common/base/error.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

ProcessMemory::Checkpoint checkpoint(std::uint8_t content) {
  return {content, std::vector<std::byte>(100, std::byte{content})};
}

class ProcessMemoryTest : public ::testing::Test {
 protected:
  ProcessMemoryTest() { set_metrics_size(100); }
  void set_metrics_size(std::size_t size) {
    std::ofstream(folder.path("metrics.csv")) << std::string(size, '1');
  }
  ProcessMemory remember(int count) {
    ProcessMemory memory(folder.path(), 7);
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
    const auto last = ProcessMemory(folder.path(), run).load();
    return last ? last->metrics_size : 0;
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
  ProcessMemory next(folder.path(), 7);
  EXPECT_EQ(next.load()->metrics_size, 4u);
  next.tear(checkpoint(5));
  EXPECT_EQ(found(), 4u);
}

TEST_F(ProcessMemoryTest, LeftoversOfAnotherRunAreNoDamage) {
  remember(1).tear(checkpoint(2));
  ProcessMemory other(folder.path(), 8);
  EXPECT_FALSE(other.load());
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
  try {
    found();
    FAIL() << "took a damaged checkpoint";
  } catch (const InputError& error) {
    EXPECT_EQ(error.code(), ExitCode::run_folder);
    EXPECT_NE(std::string(error.what()).find("both checkpoints are damaged"), std::string::npos);
  }
}

TEST_F(ProcessMemoryTest, TheOneBeforeIsTakenIfMetricsAreTooShortForTheNewest) {
  remember(5);
  set_metrics_size(4);
  EXPECT_EQ(found(), 4u);
  set_metrics_size(3);
  EXPECT_THROW(found(), InputError);
}

}  // namespace
}  // namespace tacit
