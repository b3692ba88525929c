#include "common/process/host_lookup.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "common/base/error.h"

namespace tacit {

std::string look_up(const std::string& host) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &wanted, &found);
  if (error == 0) {
    freeaddrinfo(found);
    return "";
  }
  if (error == EAI_NONAME || error == EAI_NODATA) {
    throw InputError(ExitCode::usage, "there is no host '" + host +
                                          "': no name service knows it; check the name, or give "
                                          "the address");
  }
  return error == EAI_SYSTEM ? std::strerror(errno) : gai_strerror(error);
}

}  // namespace tacit
