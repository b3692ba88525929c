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
  return endpoint.starts_with("ipc://") || endpoint.starts_with("tcp://127.") ||
         endpoint.starts_with("tcp://localhost:") || endpoint.starts_with("tcp://[::1]:");
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

void ZmqTransport::connect(ProcessId peer, const std::string& endpoint) {
  auto [found, inserted] = sockets_->peers.try_emplace(peer);
  if (!inserted && found->second.endpoint == endpoint) return;
  Sockets::Peer& entry = found->second;
  entry.endpoint = endpoint;
  entry.push = zmq::socket_t(sockets_->context, zmq::socket_type::push);
  set_push_options(entry.push, endpoint);
  const std::string monitor = "inproc://monitor-" + to_string(peer);
  zmq_socket_monitor(entry.push.handle(), monitor.c_str(),
                     ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_DISCONNECTED);
  entry.monitor = zmq::socket_t(sockets_->context, zmq::socket_type::pair);
  entry.monitor.set(zmq::sockopt::linger, 0);
  entry.monitor.connect(monitor);
  connect_socket(entry.push, endpoint);
}

SendOutcome ZmqTransport::send(ProcessId peer, std::span<const std::byte> bytes) {
  const auto found = sockets_->peers.find(peer);
  TACIT_CHECK(found != sockets_->peers.end(), "a peer is connected before anything is sent to it");
  const auto sent =
      found->second.push.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);
  return sent ? SendOutcome::queued : SendOutcome::peer_full;
}

void ZmqTransport::send_once(const std::string& endpoint, std::span<const std::byte> bytes) {
  zmq::socket_t push(sockets_->context, zmq::socket_type::push);
  set_push_options(push, endpoint);
  connect_socket(push, endpoint);
  push.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);
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
    while (peer.monitor.recv(message, zmq::recv_flags::dontwait)) {
      std::uint16_t event = 0;
      if (message.size() >= sizeof event) std::memcpy(&event, message.data(), sizeof event);
      if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) changes.push_back({id, true});
      if (event == ZMQ_EVENT_DISCONNECTED) changes.push_back({id, false});
      while (message.more() && peer.monitor.recv(message, zmq::recv_flags::dontwait)) {
      }
    }
  }
  return changes;
}

}  // namespace tacit
