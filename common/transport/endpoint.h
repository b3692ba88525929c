#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tacit {

/// Of tcp://HOST:PORT; an IPv6 address without its brackets.
struct TcpEndpoint {
  std::string host;
  std::uint16_t port;
};

/// Text as an endpoint: tcp://HOST:PORT with a host of printable letters and a port in
/// `least_port`..65535 (ZeroMQ would take 99999 for 34463), or ipc://PATH.
/// @return nothing for ipc
/// @throws InputError (usage) saying what is expected
std::optional<TcpEndpoint> parse_endpoint(const std::string& text, std::uint16_t least_port);

}  // namespace tacit
