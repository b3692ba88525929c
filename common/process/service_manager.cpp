#include "common/process/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "common/base/whole_number.h"

namespace tacit {
namespace {

constexpr std::chrono::seconds kStatusInterval{1};

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// 0 for text that is not a number.
std::uint64_t number_in(const std::string& text) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(whole_number(text).value_or(0), 0));
}

}  // namespace

ServiceManager ServiceManager::of_environment() {
  const std::string for_whom = environment("WATCHDOG_PID");
  const bool is_watched = for_whom.empty() || for_whom == std::to_string(getpid());
  const std::uint64_t interval = is_watched ? number_in(environment("WATCHDOG_USEC")) : 0;
  return {environment("NOTIFY_SOCKET"), std::chrono::microseconds(interval)};
}

void ServiceManager::ready() { tell("READY=1"); }

void ServiceManager::alive(std::string_view stage, Round round, TimePoint now) {
  if (socket_.empty()) return;
  std::chrono::microseconds interval = kStatusInterval;
  if (watchdog_.count() > 0) interval = std::min(interval, watchdog_ / 4);
  if (told_ != TimePoint{} && now - told_ < interval) return;
  told_ = now;
  tell((watchdog_.count() > 0 ? "WATCHDOG=1\nSTATUS=" : "STATUS=") + std::string(stage) +
       ", round " + std::to_string(round));
}

void ServiceManager::stopping() { tell("STOPPING=1"); }

void ServiceManager::tell(const std::string& text) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // The process goes on if the manager does not listen.
  [[maybe_unused]] const auto ignored = sendto(descriptor, text.data(), text.size(), MSG_NOSIGNAL,
                                               reinterpret_cast<const sockaddr*>(&address), length);
  close(descriptor);
}

}  // namespace tacit
