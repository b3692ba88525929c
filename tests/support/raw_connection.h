#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <span>
#include <stdexcept>
#include <string>

namespace tacit::testing {

/// A TCP connection below ZeroMQ's protocol.
class RawConnection {
 public:
  /// @param endpoint  tcp://127.0.0.1:port
  explicit RawConnection(const std::string& endpoint)
      : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port =
        htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("no connection to " + endpoint);
    }
  }
  ~RawConnection() { ::close(descriptor_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  int descriptor() const { return descriptor_; }
  /// Bytes are lost if the other end has closed.
  void say(std::span<const std::byte> bytes) const {
    (void)!::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// Ends this side's stream.
  void end() const { ::shutdown(descriptor_, SHUT_WR); }
  /// Reads until the other end closes, and discards the bytes.
  void read_to_the_end() const {
    char block[4096];
    while (::recv(descriptor_, block, sizeof block, 0) > 0) {
    }
  }

 private:
  int descriptor_;
};

}  // namespace tacit::testing
