#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace tacit {

/// The parts of tcp://HOST:PORT; an IPv6 address is without its brackets.
struct TcpEndpoint {
  std::string host;
  std::uint16_t port;
};

/// Parses an endpoint: tcp://HOST:PORT with a host of printable letters and a port in
/// `least_port`..65535 (ZeroMQ would read 99999 as 34463), or ipc://PATH.
/// @return nothing for ipc
/// @throws InputError (usage) naming the expected form
std::optional<TcpEndpoint> parse_endpoint(const std::string& text, std::uint16_t least_port);

/// Whether an endpoint can only be reached from this machine (ipc, 127/8, localhost, ::1).
bool is_local(const std::string& endpoint);

/// Validates the endpoint that a process advertises, before a socket is opened for it.
/// @param tcp_only  connections are encrypted: a process with a key of the experiment must not
///                  reach into the file system of this machine
/// @throws InputError (config) unless it is tcp://HOST:PORT with a name, an IPv4 address or an IPv6
///         address in brackets, and a port of 1..65535, or else ipc://PATH; the message is
///         printable
void check_endpoint(const std::string& endpoint, bool tcp_only);

}  // namespace tacit
