#include "common/transport/endpoint.h"

#include <limits>
#include <string_view>

#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/base/whole_number.h"

namespace tacit {
namespace {

constexpr std::string_view kTcp = "tcp://";
constexpr std::string_view kIpc = "ipc://";
constexpr std::size_t kLongestSocketPath = 107;  // bytes, of Linux

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw InputError(ExitCode::usage, "'" + text + "': " + why);
}

/// Characters that no name, address or interface contains.
bool is_host(std::string_view host) {
  return !host.empty() && is_printable(host) &&
         host.find_first_of(" \"'/\\;|&<>@") == std::string_view::npos;
}

}  // namespace

std::optional<TcpEndpoint> parse_endpoint(const std::string& text, std::uint16_t least_port) {
  if (text.starts_with(kIpc)) {
    const auto path = std::string_view(text).substr(kIpc.size());
    if (path.empty()) refuse(text, "the path is missing");
    if (path.size() > kLongestSocketPath) refuse(text, "longer than a socket's path can be");
    return std::nullopt;
  }
  const std::size_t colon = text.rfind(':');
  if (!text.starts_with(kTcp) || colon < kTcp.size()) {
    refuse(text, "expected tcp://HOST:PORT or ipc://PATH");
  }
  std::string_view host = std::string_view(text).substr(kTcp.size(), colon - kTcp.size());
  const bool in_brackets = host.starts_with('[') && host.ends_with(']');
  if (!in_brackets && host.find(':') != std::string_view::npos) {
    refuse(text, "an IPv6 address goes in brackets: tcp://[2001:db8::1]:5555");
  }
  if (in_brackets) host = host.substr(1, host.size() - 2);
  if (!is_host(host)) refuse(text, "expected a host name or an address before the port");
  const auto port = whole_number(std::string_view(text).substr(colon + 1));
  constexpr std::int64_t most = std::numeric_limits<std::uint16_t>::max();
  if (!port || *port < least_port || *port > most) {
    refuse(text, "the port must be a whole number in " + std::to_string(least_port) + ".." +
                     std::to_string(most) + ", in decimal digits");
  }
  return TcpEndpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

bool is_local(const std::string& endpoint) {
  if (endpoint.starts_with(kIpc) || endpoint.starts_with("tcp://localhost:") ||
      endpoint.starts_with("tcp://[::1]:")) {
    return true;
  }
  // Only a numeric address: 127.example.org is a name and may be any machine.
  return endpoint.starts_with("tcp://127.") &&
         endpoint.find_first_not_of("0123456789.", 6) == endpoint.rfind(':');
}

void check_endpoint(const std::string& endpoint, bool tcp_only) {
  std::string why;
  try {
    const auto tcp = parse_endpoint(endpoint, 1);
    if ((tcp && tcp->host != "*") || (!tcp && !tcp_only)) return;
    why = "'" + endpoint + "': " + (tcp ? "nobody is at *" : "connections are encrypted");
  } catch (const InputError& error) {
    why = error.what();
  }
  throw InputError(ExitCode::config, "cannot connect to " + printable(why) +
                                         "; a peer is at tcp://HOST:PORT" +
                                         (tcp_only ? "" : " or ipc://PATH"));
}

}  // namespace tacit
