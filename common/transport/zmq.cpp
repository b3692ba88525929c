#include "common/transport/zmq.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <latch>
#include <set>
#include <thread>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/base/printable.h"
#include "common/transport/doorkeeper.h"
#include "common/transport/endpoint.h"

namespace tacit {
namespace {

constexpr int kHighWaterMark = 256;  // never reached: senders stop at 64 unacknowledged frames
constexpr int kHeartbeatInterval_ms = 1000;
constexpr int kHeartbeatTimeout_ms = 10000;
/// libzmq scans all its timers whenever it cancels one: heartbeats of a thousand peers every second
/// would take more of a core than one of a thousand processes gets.
constexpr int kHeartbeatIntervalPerProcess_ms = 10;
constexpr int kHeartbeatTimeoutPerProcess_ms = 30;
constexpr int kLongestHeartbeatTimeout_ms = 600'000;
constexpr int kReconnectInterval_ms = 20;
constexpr int kLongestReconnectInterval_ms = 1000;
constexpr int kLinger_ms = 2000;
constexpr int kBacklog = 1024;
constexpr std::size_t kDescriptorsPerPeer = 5;
constexpr std::size_t kOwnDescriptors = 64;
/// Incoming connections beyond one for each peer: peers that reconnect, agents that fetch a policy,
/// and any other program that reaches the port. At most half of the spare descriptors.
constexpr std::size_t kStrangersLeast = 64;
constexpr std::size_t kStrangersMost = 4096;
/// A packet that is too long by at most this many bytes is still read, so that its receiver can
/// name it in the refusal; a longer one makes libzmq close the connection.
constexpr std::size_t kOversizeRead = 4096;
constexpr std::size_t kSocketsPerPeer = 3;
constexpr std::size_t kOwnSockets = 64;
constexpr int kThreads = 3;  // two of libzmq and one of Doorkeeper

/// @return the number of incoming connections beyond one for each peer
std::size_t raise_descriptor_limit(std::size_t peer_count) {
  const rlim_t needed = kDescriptorsPerPeer * peer_count + kOwnDescriptors + kStrangersLeast;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < needed) {
    throw InputError(ExitCode::run_folder,
                     "this process needs " + std::to_string(needed) + " open files for " +
                         std::to_string(peer_count) + " peers, but the system allows " +
                         std::to_string(limit.rlim_max) + ": raise it with ulimit -Hn");
  }
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return std::clamp<std::size_t>((limit.rlim_max - needed) / 2, kStrangersLeast, kStrangersMost);
}

/// libzmq aborts the program if it cannot start its threads: tries before whether it can.
/// @throws std::system_error
void require_threads() {
  std::latch all_asked(1);
  std::vector<std::jthread> threads;
  try {
    for (int k = 0; k < kThreads; ++k) threads.emplace_back([&] { all_asked.wait(); });
  } catch (...) {
    all_asked.count_down();
    throw;
  }
  all_asked.count_down();
}

void set_common_options(zmq::socket_t& socket) { socket.set(zmq::sockopt::linger, kLinger_ms); }

/// Only for IPv6 endpoints: a socket for both families reports IPv4 addresses as mapped ones.
bool is_ipv6(const std::string& endpoint) { return endpoint.starts_with("tcp://["); }

int in_a_run_of(const ZmqOptions& options, int least, int per_process) {
  const auto most = static_cast<std::size_t>(kLongestHeartbeatTimeout_ms);
  return std::max(least, static_cast<int>(std::min(
                             most, static_cast<std::size_t>(per_process) * options.process_count)));
}

void set_push_options(zmq::socket_t& socket, const std::string& endpoint,
                      const std::string* server_key, const ZmqOptions& options) {
  set_common_options(socket);
  socket.set(zmq::sockopt::ipv6, is_ipv6(endpoint));
  // The PUSH end sets the timeouts of both ends: its own for the answer (timeout), the PULL end's
  // for the next heartbeat (ttl).
  const int timeout = in_a_run_of(options, kHeartbeatTimeout_ms, kHeartbeatTimeoutPerProcess_ms);
  socket.set(zmq::sockopt::heartbeat_ivl,
             in_a_run_of(options, kHeartbeatInterval_ms, kHeartbeatIntervalPerProcess_ms));
  socket.set(zmq::sockopt::heartbeat_timeout, timeout);
  socket.set(zmq::sockopt::heartbeat_ttl, timeout);
  socket.set(zmq::sockopt::sndhwm, kHighWaterMark);
  socket.set(zmq::sockopt::reconnect_ivl, kReconnectInterval_ms);
  socket.set(zmq::sockopt::reconnect_ivl_max, kLongestReconnectInterval_ms);
  if (server_key == nullptr) return;
  socket.set(zmq::sockopt::curve_serverkey, *server_key);
  socket.set(zmq::sockopt::curve_publickey, options.keys->own.public_key);
  socket.set(zmq::sockopt::curve_secretkey, options.keys->own.secret_key);
}

void set_pull_options(zmq::socket_t& socket, const ZmqOptions& options) {
  set_common_options(socket);
  socket.set(zmq::sockopt::ipv6, is_ipv6(options.bind));
  socket.set(zmq::sockopt::rcvhwm, kHighWaterMark);
  socket.set(zmq::sockopt::backlog, kBacklog);
  socket.set(zmq::sockopt::maxmsgsize,
             static_cast<std::int64_t>(options.longest_packet_bytes + kOversizeRead));
  if (!options.keys) return;
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, options.keys->own.secret_key);
  socket.set(zmq::sockopt::zap_domain, "tacit");
}

/// The public key of the peer; null if the connection needs no encryption.
/// @throws InputError: config if the endpoint is invalid; authentication if no key is known
const std::string* server_key(ProcessId peer, const std::string& endpoint,
                              const ZmqOptions& options) {
  check_endpoint(endpoint, options.keys.has_value());
  if (!options.keys) {
    if (options.insecure || is_local(endpoint)) return nullptr;
    throw InputError(ExitCode::authentication,
                     "process " + to_string(peer) + " is at '" + endpoint +
                         "', on another machine, and this process has no keys: make some with "
                         "'tacit keys', or accept plain text with --insecure");
  }
  const auto found = options.keys->allowed.find(peer);
  if (found != options.keys->allowed.end()) return &found->second;
  throw InputError(ExitCode::authentication, "there is no public key of process " +
                                                 to_string(peer) +
                                                 ": make keys for this very experiment");
}

void connect_socket(zmq::socket_t& socket, const std::string& endpoint) {
  try {
    socket.connect(endpoint);
  } catch (const zmq::error_t& error) {
    throw InputError(ExitCode::config,
                     "cannot connect to '" + printable(endpoint) + "': " + error.what());
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

zmq::context_t with_room_for(std::size_t peer_count) {
  zmq::context_t context;
  context.set(zmq::ctxopt::max_sockets,
              static_cast<int>(kSocketsPerPeer * peer_count + kOwnSockets));
  return context;
}

/// The user id that Doorkeeper gave to the connection when it accepted it.
ProcessId sender_of(zmq::message_t& message) {
  const char* const text = zmq_msg_gets(message.handle(), "User-Id");
  TACIT_CHECK(text != nullptr, "who came in with keys has a name");
  std::size_t id = 0;
  std::from_chars(text, text + std::strlen(text), id);
  return process_id(id);
}

}  // namespace

struct ZmqTransport::Sockets {
  struct Peer {
    zmq::socket_t push;
    std::string endpoint;
    std::uint64_t watch;
  };

  Sockets(const ZmqOptions& options, std::size_t strangers_most)
      : context(with_room_for(options.peer_count)),
        doorkeeper(std::in_place, context, options.keys, options.peer_count + strangers_most) {}
  ~Sockets() {
    for (auto& [id, peer] : peers) Doorkeeper::release(peer.push);
    if (pull) Doorkeeper::release(pull);
    pull.close();  // while Doorkeeper still answers ZAP requests
    doorkeeper.reset();
  }
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;

  zmq::context_t context;
  zmq::socket_t pull;
  std::map<ProcessId, Peer> peers;
  std::optional<Doorkeeper> doorkeeper;
  zmq::message_t current;
  std::set<std::uint64_t> abandoned;  ///< watches of connections to open again
  std::set<ProcessId> lost;           ///< peers whose connection was given up and opened again
  std::chrono::milliseconds receive_timeout{-1};
};

ZmqTransport::ZmqTransport(const ZmqOptions& options) : options_(options) {
  const std::size_t strangers_most = raise_descriptor_limit(options.peer_count);
  require_threads();
  if (options.keys && !options.bind.starts_with("tcp://")) {
    throw InputError(ExitCode::usage, "cannot bind '" + options.bind +
                                          "': with keys processes meet over tcp; choose "
                                          "tcp://HOST:PORT with --bind");
  }
  sockets_ = std::make_unique<Sockets>(options, strangers_most);
  sockets_->pull = zmq::socket_t(sockets_->context, zmq::socket_type::pull);
  zmq::socket_t& pull = sockets_->pull;
  set_pull_options(pull, options);
  sockets_->doorkeeper->watch(pull, {});
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

bool ZmqTransport::connect(ProcessId peer, const std::string& endpoint) {
  const auto found = sockets_->peers.find(peer);
  if (found != sockets_->peers.end() && found->second.endpoint == endpoint) return false;
  open_push(peer, endpoint);
  return true;
}

/// Replaces the peer's socket, if there is one.
void ZmqTransport::open_push(ProcessId peer, const std::string& endpoint) try {
  const std::string* const key = server_key(peer, endpoint, options_);
  zmq::socket_t push(sockets_->context, zmq::socket_type::push);
  set_push_options(push, endpoint, key, options_);
  const std::uint64_t watch = sockets_->doorkeeper->watch(push, peer);
  try {
    connect_socket(push, endpoint);
  } catch (...) {
    Doorkeeper::release(push);
    throw;
  }
  const auto found = sockets_->peers.find(peer);
  if (found != sockets_->peers.end()) {
    Doorkeeper::release(found->second.push);
    found->second.push.set(zmq::sockopt::linger, 0);
  }
  sockets_->peers[peer] = {std::move(push), endpoint, watch};
} catch (const zmq::error_t& error) {
  throw InputError(ExitCode::run_folder, "no connection to " + printable(endpoint) + ": " +
                                             error.what() + "; raise ulimit -n");
}

SendOutcome ZmqTransport::send(ProcessId peer, std::span<const std::byte> bytes) {
  const auto found = sockets_->peers.find(peer);
  TACIT_CHECK(found != sockets_->peers.end(), "a peer is connected before anything is sent to it");
  const auto rc = zmq_send(found->second.push.handle(), bytes.data(), bytes.size(), ZMQ_DONTWAIT);
  return rc >= 0 ? SendOutcome::queued : SendOutcome::peer_full;  // or a signal arrived
}

void ZmqTransport::send_once(ProcessId to, const std::string& endpoint,
                             std::span<const std::byte> bytes) {
  try {
    const std::string* const key = server_key(to, endpoint, options_);
    zmq::socket_t push(sockets_->context, zmq::socket_type::push);
    set_push_options(push, endpoint, key, options_);
    push.connect(endpoint);
    push.send(zmq::buffer(bytes.data(), bytes.size()), zmq::send_flags::dontwait);
  } catch (const zmq::error_t&) {
    // The endpoint cannot be reached; a packet of send_once() may be lost.
  } catch (const InputError& error) {
    if (options_.notice) options_.notice(std::string("sent no answer: ") + error.what());
  }
}

std::optional<Packet> ZmqTransport::receive(std::chrono::milliseconds wait) {
  if (sockets_->doorkeeper->has_notices()) pass_notices_on();
  // A blocking receive costs one system call; a poll and a receive cost three.
  if (wait != sockets_->receive_timeout) {
    sockets_->receive_timeout = wait;
    sockets_->pull.set(zmq::sockopt::rcvtimeo, static_cast<int>(wait.count()));
  }
  zmq::message_t& current = sockets_->current;
  try {
    if (!sockets_->pull.recv(current, zmq::recv_flags::none)) {
      connect_abandoned_again();
      return std::nullopt;
    }
  } catch (const zmq::error_t& error) {
    if (error.num() == EINTR) return std::nullopt;
    throw;
  }
  Packet packet;
  if (!current.more()) {
    packet.bytes = {static_cast<const std::byte*>(current.data()), current.size()};
  }
  if (options_.keys) packet.sender = sender_of(current);
  return packet;
}

std::vector<ConnectionChange> ZmqTransport::connection_changes() {
  pass_notices_on();
  std::vector<ConnectionChange> changes;
  for (const ProcessId peer : std::exchange(sockets_->lost, {})) changes.push_back({peer, false});
  for (const Doorkeeper::Change& change : sockets_->doorkeeper->changes()) {
    const auto found = sockets_->peers.find(change.connection.peer);
    if (found == sockets_->peers.end() || found->second.watch != change.watch) continue;
    changes.push_back(change.connection);
  }
  return changes;
}

std::string ZmqTransport::handshake_failure(ProcessId peer) const {
  return sockets_->doorkeeper->handshake_failure(peer);
}

std::map<std::string, std::uint64_t> ZmqTransport::refused() const {
  return sockets_->doorkeeper->refused();
}

void ZmqTransport::connect_abandoned_again() {
  std::set<std::uint64_t>& abandoned = sockets_->abandoned;
  const auto more = sockets_->doorkeeper->abandoned();
  abandoned.insert(more.begin(), more.end());
  while (!abandoned.empty()) {
    const auto found = std::ranges::find_if(sockets_->peers, [&](const auto& entry) {
      return entry.second.watch == *abandoned.begin();
    });
    if (found != sockets_->peers.end()) {
      try {
        open_push(found->first, std::string(found->second.endpoint));
      } catch (const InputError&) {
        return;  // a busy machine frees closed sockets late: the next call tries again
      }
      sockets_->lost.insert(found->first);
    }
    abandoned.erase(abandoned.begin());
  }
}

void ZmqTransport::pass_notices_on() {
  for (const std::string& notice : sockets_->doorkeeper->notices()) {
    if (options_.notice) options_.notice(notice);
  }
}

}  // namespace tacit
