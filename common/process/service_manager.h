#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/base/ids.h"

namespace tacit {

/// What a process tells the service manager that has started it, in the protocol of sd_notify(3):
/// that it is up, what it is doing, and, as often as it is asked to, that it is alive. A process
/// whose loop stands still says nothing, and is killed and started again by the manager.
class ServiceManager {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// @param socket    path of a datagram socket, "@" in front of an abstract one; empty: nobody
  ///                  listens
  /// @param watchdog  silence that is too long; 0: there is none
  ServiceManager(std::string socket, std::chrono::microseconds watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  /// As NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID say.
  static ServiceManager of_environment();

  void ready();
  /// To be called often: says so once a second, or four times per watchdog interval.
  void alive(std::string_view stage, Round round, TimePoint now);
  void stopping();

 private:
  void tell(const std::string& text) const;

  std::string socket_;
  std::chrono::microseconds watchdog_;
  TimePoint told_{};
};

}  // namespace tacit
