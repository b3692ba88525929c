#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace tacit::testing {

/// Endpoints on the loopback interface that no process uses at this moment.
inline std::vector<std::string> free_endpoints(std::size_t count) {
  std::vector<std::string> endpoints;
  std::vector<int> held;  // all at the same time, so that they differ
  for (std::size_t k = 0; k < count; ++k) {
    held.push_back(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(held.back(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(held.back(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("no free port");
    }
    endpoints.push_back("tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
  }
  for (const int descriptor : held) ::close(descriptor);
  return endpoints;
}

}  // namespace tacit::testing
