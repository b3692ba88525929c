// Goal: in a folder a process waits for every peer, but for those of which a mark says that they
// have ended, and only if its own last round is over, too.
#include "common/process/meeting.h"

#include <gtest/gtest.h>

#include <fstream>

#include "common/base/error.h"
#include "common/transport/in_process.h"
#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

class MeetingTest : public ::testing::Test {
 protected:
  /// How process 0 meets processes 1 and 2, without patience. @return who has ended
  std::vector<ProcessId> meet(bool is_over) {
    Attendee attendee;
    attendee.self = {process_id(0), {}};
    attendee.peers = {process_id(1), process_id(2)};
    attendee.agent_count = 3;
    attendee.is_over = is_over;
    attendee.deadline = std::chrono::milliseconds(0);
    attendee.notice = [](const std::string&) {};
    attendee.check_signals = [] {};
    attendee.waiting = [](const std::function<std::string()>&) {};
    return meet_in_folder(attendee, here, *transport).ended;
  }

  void expect_absent(bool is_over, const std::string& whom) {
    try {
      meet(is_over);
      FAIL() << whom << " was met";
    } catch (const InputError& error) {
      EXPECT_EQ(error.code(), ExitCode::peer_absent);
      EXPECT_TRUE(std::string(error.what()).starts_with(whom + " did not come")) << error.what();
    }
  }

  void publish(std::size_t process) const {
    Greeting greeting;
    greeting.endpoint = std::to_string(process);
    here.publish({process_id(process), greeting});
  }

  testing::TemporaryFolder folder;
  FolderRendezvous here{folder.path(), {}, 7};
  InProcessNetwork network;
  std::unique_ptr<Transport> transport = network.open("0");
  std::unique_ptr<Transport> one = network.open("1");
  std::unique_ptr<Transport> two = network.open("2");
};

TEST_F(MeetingTest, WhoHasNoRecordHasNotEnded) {
  publish(1);
  here.publish({process_id(2), {}});
  here.withdraw(process_id(2));
  expect_absent(true, "agent 2");
}

TEST_F(MeetingTest, WhoHasEndedIsNotWaitedForByOneWhoseLastRoundIsOver) {
  publish(1);
  here.mark_ended(process_id(2));
  EXPECT_EQ(meet(true), std::vector{process_id(2)});
}

TEST_F(MeetingTest, WhoHasEndedMustComeBackForOneThatStillNeedsIt) {
  publish(1);
  here.mark_ended(process_id(2));
  expect_absent(false, "agent 2");
  publish(2);
  EXPECT_TRUE(meet(false).empty());
}

}  // namespace
}  // namespace tacit
