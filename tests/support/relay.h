#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/raw_connection.h"

namespace tacit::testing {

/// A relay in the middle of one TCP connection that can only read, keep and repeat bytes.
class Relay {
 public:
  /// @param server  tcp://127.0.0.1:port
  explicit Relay(std::string server)
      : server_endpoint_(std::move(server)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 4) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no relay");
    }
    endpoint_ = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  ~Relay() {
    if (client_ >= 0) ::close(client_);
    ::close(listener_);
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  const std::string& endpoint() const { return endpoint_; }

  /// Accepts the connection of a client, and passes on the available bytes in both directions.
  void pass_on() {
    if (client_ < 0 && waits(listener_)) {
      client_ = ::accept(listener_, nullptr, nullptr);
      server_ = std::make_unique<RawConnection>(server_endpoint_);
    }
    if (client_ < 0) return;
    std::byte block[4096];
    while (waits(client_)) {
      const ssize_t size = ::recv(client_, block, sizeof block, 0);
      if (size <= 0) break;
      last_.assign(block, block + size);
      said_.insert(said_.end(), block, block + size);
      server_->say(last_);
    }
    while (waits(server_->descriptor())) {
      const ssize_t size = ::recv(server_->descriptor(), block, sizeof block, 0);
      if (size <= 0 || ::send(client_, block, static_cast<std::size_t>(size), MSG_NOSIGNAL) < 0) {
        break;
      }
    }
  }

  /// All bytes that the client has sent so far.
  const std::vector<std::byte>& said() const { return said_; }
  /// Sends the client's last bytes to the server once more.
  void repeat_the_last() const { server_->say(last_); }

 private:
  static bool waits(int descriptor) {
    pollfd item{descriptor, POLLIN, 0};
    return ::poll(&item, 1, 0) > 0;
  }

  std::string server_endpoint_;
  std::string endpoint_;
  int listener_;
  int client_ = -1;
  std::unique_ptr<RawConnection> server_;
  std::vector<std::byte> said_;
  std::vector<std::byte> last_;
};

}  // namespace tacit::testing
