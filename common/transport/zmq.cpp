#include "common/transport/zmq.h"

#include <sys/resource.h>

#include <cstring>
#include <zmq.hpp>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

constexpr int kHighWaterMark = 256;  // never reached: senders stop at 64 unacknowledged frames
constexpr int kHeartbeatInterval_ms = 1000;
constexpr int kHeartbeatTimeout_ms = 10000;
constexpr int kReconnectInterval_ms = 20;
constexpr int kLongestReconnectInterval_ms = 1000;
constexpr int kLinger_ms = 2000;
constexpr int kBacklog = 1024;
constexpr std::size_t kDescriptorsPerPeer = 5;
constexpr std::size_t kOwnDescriptors = 64;

void raise_descriptor_limit(std::size_t peer_count) {
  const rlim_t needed = kDescriptorsPerPeer * peer_count + kOwnDescriptors;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= needed) return;
  if (limit.rlim_max < needed) {
    throw InputError(ExitCode::run_folder,
                     "this process needs " + std::to_string(needed) + " open files for " +
                         std::to_string(peer_count) + " peers, but the system allows " +
                         std::to_string(limit.rlim_max) + ": raise it with ulimit -Hn");
  }
  limit.rlim_cur = needed;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void set_common_options(zmq::socket_t& socket) { socket.set(zmq::sockopt::linger, kLinger_ms); }

/// Only where an endpoint asks for it: a socket for both families reports IPv4 addresses mapped.
bool is_ipv6(const std::string& endpoint) { return endpoint.starts_with("tcp://["); }

void set_push_options(zmq::socket_t& socket, const std::string& endpoint) {
  set_common_options(socket);
  socket.set(zmq::sockopt::ipv6, is_ipv6(endpoint));
  // The sending end asks for both: it hears no answer, or the receiving end hears no question.
  socket.set(zmq::sockopt::heartbeat_ivl, kHeartbeatInterval_ms);
  socket.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeout_ms);
  socket.set(zmq::sockopt::heartbeat_ttl, kHeartbeatTimeout_ms);
  socket.set(zmq::sockopt::sndhwm, kHighWaterMark);
  socket.set(zmq::sockopt::reconnect_ivl, kReconnectInterval_ms);
  socket.set(zmq::sockopt::reconnect_ivl_max, kLongestReconnectInterval_ms);
}

void connect_socket(zmq::socket_t& socket, const std::string& endpoint) {
  try {
    socket.connect(endpoint);
  } catch (const zmq::error_t& error) {
    throw InputError(ExitCode::config, "cannot connect to '" + endpoint + "': " + error.what() +
                                           "; expected tcp://host:port or ipc://path");
  }
}

std::string advertised(const std::string& bound, const std::string& wish) {
  if (wish.empty()) {
    if (bound.starts_with("tcp://0.0.0.0:") || bound.starts_with("tcp://[::]:")) {
      throw InputError(ExitCode::usage, "bound to every address (" + bound +
                                            "): say with --advertise tcp://HOST:0 under which the "
                                            "other machines reach this one");
    }
    return bound;
  }
  if (!wish.ends_with(":0")) return wish;
  return wish.substr(0, wish.size() - 1) + bound.substr(bound.rfind(':') + 1);
}

}  // namespace

bool is_local(const std::string& endpoint) {
  if (endpoint.starts_with("ipc://") || endpoint.starts_with("tcp://localhost:") ||
      endpoint.starts_with("tcp://[::1]:")) {
    return true;
  }
  // Only a number: 127.example.org is a name, and may be anywhere.
  return endpoint.starts_with("tcp://127.") &&
         endpoint.find_first_not_of("0123456789.", 6) == endpoint.rfind(':');
}

struct ZmqTransport::Sockets {
  struct Peer {
    zmq::socket_t push;
    zmq::socket_t monitor;
    std::string endpoint;
  };

  zmq::context_t context;
  zmq::socket_t pull;
  std::map<ProcessId, Peer> peers;
  zmq::message_t current;
  std::chrono::milliseconds receive_timeout{-1};
  std::size_t monitor_count = 0;  ///< numbers their names: a closing socket may still hold one
};

ZmqTransport::ZmqTransport(const ZmqOptions& options) {
  raise_descriptor_limit(options.peer_count);
  sockets_ = std::make_unique<Sockets>();
  sockets_->context.set(zmq::ctxopt::max_sockets, static_cast<int>(3 * options.peer_count + 64));
  sockets_->pull = zmq::socket_t(sockets_->context, zmq::socket_type::pull);
  zmq::socket_t& pull = sockets_->pull;
  set_common_options(pull);
  pull.set(zmq::sockopt::ipv6, is_ipv6(options.bind));
  pull.set(zmq::sockopt::rcvhwm, kHighWaterMark);
  pull.set(zmq::sockopt::backlog, kBacklog);
  pull.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(options.longest_packet_bytes));
  try {
    pull.bind(options.bind);
  } catch (const zmq::error_t& error) {
    throw InputError(ExitCode::usage, "cannot bind '" + options.bind + "': " + error.what() +
                                          "; choose another endpoint with --bind, port 0 takes a "
                                          "free one");
  }
  endpoint_ = advertised(pull.get(zmq::sockopt::last_endpoint), options.advertise);
}

ZmqTransport::~ZmqTransport() = default;

bool ZmqTransport::connect(ProcessId peer, const std::string& endpoint) try {
  const auto found = sockets_->peers.find(peer);
  if (found != sockets_->peers.end() && found->second.endpoint == endpoint) return false;
  zmq::socket_t push(sockets_->context, zmq::socket_type::push);
  set_push_options(push, endpoint);
  const std::string name = "inproc://monitor-" + std::to_string(sockets_->monitor_count++);
  if (zmq_socket_monitor(push.handle(), name.c_str(),
                         ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED) != 0) {
    throw InputError(ExitCode::run_folder, "no more sockets for the connection to " + endpoint);
  }
  zmq::socket_t monitor(sockets_->context, zmq::socket_type::pair);
  monitor.set(zmq::sockopt::linger, 0);
  monitor.connect(name);
  connect_socket(push, endpoint);
  sockets_->peers[peer] = {std::move(push), std::move(monitor), endpoint};
  return true;
} catch (const zmq::error_t& error) {
  throw InputError(ExitCode::run_folder,
                   "no connection to " + endpoint + ": " + error.what() + "; raise ulimit -n");
}

SendOutcome ZmqTransport::send(ProcessId peer, std::span<const std::byte> bytes) {
  const auto found = sockets_->peers.find(peer);
  TACIT_CHECK(found != sockets_->peers.end(), "a peer is connected before anything is sent to it");
  const auto rc = zmq_send(found->second.push.handle(), bytes.data(), bytes.size(), ZMQ_DONTWAIT);
  return rc >= 0 ? SendOutcome::queued : SendOutcome::peer_full;  // full, or a signal came
}

void ZmqTransport::send_once(const std::string& endpoint, std::span<const std::byte> bytes) {
  try {
    zmq::socket_t push(sockets_->context, zmq::socket_type::push);
    set_push_options(push, endpoint);
    push.connect(endpoint);
    push.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);
  } catch (const zmq::error_t&) {
    // Nobody can be reached there; what is sent once may be lost.
  }
}

std::optional<std::span<const std::byte>> ZmqTransport::receive(std::chrono::milliseconds wait) {
  // A blocking receive costs one system call where a poll and a receive cost three.
  if (wait != sockets_->receive_timeout) {
    sockets_->receive_timeout = wait;
    sockets_->pull.set(zmq::sockopt::rcvtimeo, static_cast<int>(wait.count()));
  }
  try {
    if (!sockets_->pull.recv(sockets_->current, zmq::recv_flags::none)) return std::nullopt;
  } catch (const zmq::error_t& error) {
    if (error.num() == EINTR) return std::nullopt;
    throw;
  }
  if (sockets_->current.more()) return std::span<const std::byte>{};
  return std::span(static_cast<const std::byte*>(sockets_->current.data()),
                   sockets_->current.size());
}

std::vector<ConnectionChange> ZmqTransport::connection_changes() {
  std::vector<ConnectionChange> changes;
  for (auto& [id, peer] : sockets_->peers) {
    zmq::message_t message;
    while (zmq_msg_recv(message.handle(), peer.monitor.handle(), ZMQ_DONTWAIT) >= 0) {
      std::uint16_t event = 0;
      if (message.size() >= sizeof event) std::memcpy(&event, message.data(), sizeof event);
      if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) changes.push_back({id, true});
      if (event == ZMQ_EVENT_DISCONNECTED) changes.push_back({id, false});
      while (message.more() &&
             zmq_msg_recv(message.handle(), peer.monitor.handle(), ZMQ_DONTWAIT) >= 0) {
      }
    }
  }
  return changes;
}

}  // namespace tacit
