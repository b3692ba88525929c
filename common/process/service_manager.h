#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/ids.h"

namespace tacit {

/// Notifies the service manager that started this process, in the protocol of sd_notify(3): that it
/// is up, its state, and, as often as the manager asks for it, that it is alive. If its loop stops,
/// so do the notifications, and the manager kills and restarts the process.
class ServiceManager {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// @param socket    path of a datagram socket, "@" in front of an abstract one; empty: no manager
  /// @param watchdog  longest silence that the manager accepts; 0: no watchdog
  ServiceManager(std::string socket, std::chrono::microseconds watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  /// With the values of NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  static ServiceManager of_environment();

  void ready();
  /// To be called often: notifies once a second, or, if that is more often, four times per watchdog
  /// interval.
  void alive(std::string_view stage, Round round, TimePoint now);
  void stopping();

 private:
  void tell(const std::string& text) const;

  std::string socket_;
  std::chrono::microseconds watchdog_;
  TimePoint told_{};
};

}  // namespace tacit
