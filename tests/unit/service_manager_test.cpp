// Goal: a service manager hears that a process is up, and that it is alive often enough and not
// more often. Method: a datagram socket in the manager's place, and times of the test's own.
#include "common/process/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "tests/support/temporary_folder.h"

namespace tacit {
namespace {

using std::chrono::milliseconds;

class ServiceManagerTest : public ::testing::Test {
 protected:
  ServiceManagerTest() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~ServiceManagerTest() override { close(socket_); }

  std::string heard() {
    char buffer[256];
    const ssize_t size = recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT);
    return size < 0 ? "" : std::string(buffer, static_cast<std::size_t>(size));
  }

  /// What it hears when a process says so long after its start that it lives.
  std::string heard_of(ServiceManager& manager, Round round, milliseconds after) {
    manager.alive("running", round, start + after);
    return heard();
  }

  testing::TemporaryFolder folder;
  std::string path = folder.path("notify");
  int socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ServiceManager::TimePoint start = ServiceManager::TimePoint{} + std::chrono::hours(1);
};

TEST_F(ServiceManagerTest, HearsThatAProcessIsUpAndAliveInTime) {
  ServiceManager manager(path, milliseconds(400));
  manager.ready();
  EXPECT_EQ(heard(), "READY=1");
  manager.alive("meeting", 0, start);
  EXPECT_EQ(heard(), "WATCHDOG=1\nSTATUS=meeting, round 0");
  EXPECT_EQ(heard_of(manager, 1, milliseconds(99)), "");
  EXPECT_EQ(heard_of(manager, 2, milliseconds(100)), "WATCHDOG=1\nSTATUS=running, round 2");
  manager.stopping();
  EXPECT_EQ(heard(), "STOPPING=1");
}

TEST_F(ServiceManagerTest, WithoutAWatchdogHearsTheStageEverySecond) {
  ServiceManager manager(path, {});
  EXPECT_EQ(heard_of(manager, 7, milliseconds(0)), "STATUS=running, round 7");
  EXPECT_EQ(heard_of(manager, 8, milliseconds(999)), "");
  EXPECT_EQ(heard_of(manager, 9, milliseconds(1000)), "STATUS=running, round 9");
}

TEST_F(ServiceManagerTest, IsWhoTheEnvironmentNames) {
  setenv("NOTIFY_SOCKET", path.c_str(), 1);
  setenv("WATCHDOG_USEC", "400000", 1);
  setenv("WATCHDOG_PID", "1", 1);
  ServiceManager::of_environment().alive("running", 3, start);
  EXPECT_EQ(heard(), "STATUS=running, round 3") << "the watchdog is another process's";
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  ServiceManager::of_environment().alive("running", 3, start);
  EXPECT_EQ(heard(), "WATCHDOG=1\nSTATUS=running, round 3");
  for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
  ServiceManager::of_environment().ready();
  EXPECT_EQ(heard(), "");
}

}  // namespace
}  // namespace tacit
