// Goal: who waits in a folder learns that others still come, now and then, and of each only once.
#include "common/process/arrivals.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

using std::chrono::milliseconds;

TEST(Arrivals, AreSeenFourTimesInADeadlineAndOnce) {
  const testing::TemporaryFolder folder;
  const FolderRendezvous rendezvous(folder.path("meeting"), Greeting{}, 1);
  const auto come = [&](std::size_t id) {
    Greeting greeting;
    greeting.endpoint = "tcp://127.0.0.1:1";
    rendezvous.publish({process_id(id), greeting});
  };
  come(0);
  Arrivals arrivals(rendezvous, milliseconds(40'000));
  auto now = std::chrono::steady_clock::now() + milliseconds(10'000);
  const auto later = [&](int step_ms) {
    now += milliseconds(step_ms);
    return arrivals.more_have_come(now);
  };
  EXPECT_FALSE(later(0)) << "nobody came since";
  come(1);
  EXPECT_FALSE(later(9'999)) << "too soon to look";
  EXPECT_TRUE(later(1));
  EXPECT_FALSE(later(10'000)) << "it is known";
  rendezvous.withdraw(process_id(1));
  EXPECT_FALSE(later(10'000));
  come(1);
  EXPECT_FALSE(later(10'000)) << "whoever comes and goes keeps nobody waiting for ever";
  come(2);
  EXPECT_TRUE(later(10'000));
}

}  // namespace
}  // namespace tacit
