#include "common/transport/doorkeeper.h"

#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <cstring>
#include <utility>

#include "common/base/check.h"

namespace tacit {
namespace {

constexpr const char* kBell = "inproc://doorkeeper";
constexpr const char* kZap = "inproc://zeromq.zap.01";  // where libzmq asks, RFC 27
constexpr int kFollowed = ZMQ_EVENT_CONNECT_DELAYED | ZMQ_EVENT_CONNECT_RETRIED |
                          ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_MONITOR_STOPPED |
                          ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                          ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
constexpr std::size_t kZapFrames = 7;
constexpr std::chrono::seconds kAbandonedAfter{1};
constexpr std::chrono::milliseconds kRest{5};
constexpr std::size_t kUntoldMost = 3;

/// Reads the next message and returns its first `most` frames.
std::vector<zmq::message_t> receive_all(zmq::socket_t& socket, std::size_t most) {
  std::vector<zmq::message_t> frames;
  bool more = true;
  while (more) {
    zmq::message_t frame;
    if (!socket.recv(frame, zmq::recv_flags::dontwait)) break;
    more = frame.more();
    if (frames.size() < most) frames.push_back(std::move(frame));
  }
  return frames;
}

}  // namespace

Doorkeeper::Doorkeeper(zmq::context_t& context, const std::optional<Keyring>& keys,
                       std::size_t arrivals_most)
    : context_(context),
      arrivals_most_(arrivals_most),
      bell_inside_(context, zmq::socket_type::pair),
      bell_(context, zmq::socket_type::pair) {
  bell_inside_.bind(kBell);
  bell_.connect(kBell);
  if (keys) {
    for (const auto& [id, key] : keys->allowed) allowed_[key_bytes(key)] = id;
    zap_ = zmq::socket_t(context, zmq::socket_type::rep);
    zap_.set(zmq::sockopt::linger, 0);
    zap_.bind(kZap);
  }
  // The thread blocks all signals, so that they wake the owner's thread.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { serve(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Doorkeeper::~Doorkeeper() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  bell_.send(zmq::message_t(), zmq::send_flags::none);
  thread_.join();
}

std::uint64_t Doorkeeper::watch(zmq::socket_t& socket, std::optional<ProcessId> peer) {
  const std::uint64_t number = watch_count_++;
  const std::string name = "inproc://monitor-" + std::to_string(number);
  zmq::socket_t monitor(context_, zmq::socket_type::pair);
  monitor.set(zmq::sockopt::linger, 0);
  if (zmq_socket_monitor(socket.handle(), name.c_str(), kFollowed) != 0) throw zmq::error_t();
  monitor.connect(name);
  {
    const std::scoped_lock lock(mutex_);
    new_watches_.push_back({std::move(monitor), number, peer});
  }
  bell_.send(zmq::message_t(), zmq::send_flags::none);
  return number;
}

void Doorkeeper::release(zmq::socket_t& socket) { zmq_socket_monitor(socket.handle(), nullptr, 0); }

std::vector<Doorkeeper::Change> Doorkeeper::changes() {
  const std::scoped_lock lock(mutex_);
  return std::exchange(changes_, {});
}

std::vector<std::uint64_t> Doorkeeper::abandoned() {
  const auto long_ago = std::chrono::steady_clock::now() - kAbandonedAfter;
  std::vector<std::uint64_t> abandoned;
  const std::scoped_lock lock(mutex_);
  std::erase_if(ended_, [&](const auto& entry) {
    if (entry.second > long_ago) return false;
    abandoned.push_back(entry.first);
    return true;
  });
  return abandoned;
}

std::string Doorkeeper::handshake_failure(ProcessId peer) const {
  const std::scoped_lock lock(mutex_);
  const auto found = failures_.find(peer);
  return found == failures_.end() ? "" : found->second;
}

std::vector<std::string> Doorkeeper::notices() {
  const std::scoped_lock lock(mutex_);
  has_notices_ = false;
  return std::exchange(notices_, {});
}

std::map<std::string, std::uint64_t> Doorkeeper::refused() const {
  const std::scoped_lock lock(mutex_);
  auto refused = refused_;
  const std::uint64_t known = arrivals_.succeeded + arrivals_.failed;
  if (arrivals_.accepted > known) refused["no_handshake"] = arrivals_.accepted - known;
  return refused;
}

void Doorkeeper::serve() {
  while (take_orders()) {
    look_around();
    if (!rest()) break;
  }
  watches_.clear();
}

/// Waits for an event on any socket and handles it.
void Doorkeeper::look_around() {
  std::vector<zmq::pollitem_t> items{{bell_inside_.handle(), 0, ZMQ_POLLIN, 0}};
  for (Watch& watch : watches_) items.push_back({watch.monitor.handle(), 0, ZMQ_POLLIN, 0});
  if (zap_) items.push_back({zap_.handle(), 0, ZMQ_POLLIN, 0});
  zmq::poll(items);
  if (zap_ && items.back().revents != 0) answer_zap();
  std::size_t kept = 0;
  for (std::size_t k = 0; k < watches_.size(); ++k) {
    if (items[k + 1].revents != 0 && !follow(watches_[k])) continue;
    if (kept != k) watches_[kept] = std::move(watches_[k]);
    ++kept;
  }
  watches_.resize(kept);
}

/// For 5 ms serves only ZAP requests and the owner's calls. Connections arrive in bursts, and
/// polling a thousand monitors takes 400 us.
/// @return whether there is still something to do
bool Doorkeeper::rest() {
  using Clock = std::chrono::steady_clock;
  std::vector<zmq::pollitem_t> items{{bell_inside_.handle(), 0, ZMQ_POLLIN, 0}};
  if (zap_) items.push_back({zap_.handle(), 0, ZMQ_POLLIN, 0});
  for (const auto end = Clock::now() + kRest; Clock::now() < end;) {
    zmq::poll(items, std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()));
    if (zap_ && items.back().revents != 0) answer_zap();
    if (items.front().revents != 0 && !take_orders()) return false;
  }
  return true;
}

/// @return whether there is still something to do
bool Doorkeeper::take_orders() {
  zmq::message_t ring;
  while (bell_inside_.recv(ring, zmq::recv_flags::dontwait)) {
  }
  const std::scoped_lock lock(mutex_);
  for (Watch& watch : std::exchange(new_watches_, {})) watches_.push_back(std::move(watch));
  return !ending_;
}

/// version, request id, domain, address, identity, mechanism and, for CURVE, a public key: RFC 27.
void Doorkeeper::answer_zap() {
  auto frames = receive_all(zap_, kZapFrames);
  if (frames.size() < 2) return;
  const bool understood = frames.size() == kZapFrames && frames[5].to_string_view() == "CURVE" &&
                          frames[6].size() == 32;
  const auto found = understood ? allowed_.find(frames[6].to_string()) : allowed_.end();
  const bool welcome = found != allowed_.end();
  if (!welcome) {
    refuse("a connection",
           {"unknown_key", understood ? "the public key " + key_text(frames[6].to_string_view()) +
                                            " from " + frames[3].to_string() +
                                            " is not in the list of this experiment"
                                      : "what it shows is no CURVE key"});
  }
  const std::string answer[] = {frames[0].to_string(),
                                frames[1].to_string(),
                                welcome ? "200" : "400",
                                welcome ? "" : "unknown key",
                                welcome ? to_string(found->second) : "",
                                ""};
  for (const std::string& frame : answer) {
    const bool last = &frame == &answer[std::size(answer) - 1];
    zap_.send(zmq::buffer(frame), last ? zmq::send_flags::none : zmq::send_flags::sndmore);
  }
}

/// @return false once the socket was released
bool Doorkeeper::follow(Watch& watch) {
  while (true) {
    const auto frames = receive_all(watch.monitor, 1);
    if (frames.empty()) return true;
    Event event{};
    TACIT_CHECK(frames[0].size() == sizeof event.kind + sizeof event.value,
                "a monitor tells what happened in six bytes");
    const char* const bytes = static_cast<const char*>(frames[0].data());
    std::memcpy(&event.kind, bytes, sizeof event.kind);
    std::memcpy(&event.value, bytes + sizeof event.kind, sizeof event.value);
    if (event.kind == ZMQ_EVENT_MONITOR_STOPPED) return false;
    if (watch.peer) {
      on_event(watch, event);
    } else {
      on_arrival(event);
    }
  }
}

void Doorkeeper::on_event(Watch& watch, const Event& event) {
  const ProcessId peer = *watch.peer;
  if (event.kind == ZMQ_EVENT_CONNECT_DELAYED || event.kind == ZMQ_EVENT_CONNECT_RETRIED) {
    const std::scoped_lock lock(mutex_);
    ended_.erase(watch.number);
  } else if (event.kind == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
    const std::scoped_lock lock(mutex_);
    watch.up = true;
    failures_.erase(peer);
    note_change(watch);
  } else if (event.kind == ZMQ_EVENT_DISCONNECTED) {
    const std::scoped_lock lock(mutex_);
    ended_[watch.number] = std::chrono::steady_clock::now();
    if (std::exchange(watch.up, false)) note_change(watch);
  } else {
    const Failure failure = failure_of(event, false);
    refuse("the connection to process " + to_string(peer), failure);
    const std::scoped_lock lock(mutex_);
    failures_[peer] = failure.text;
  }
}

/// Bounds the changes that are kept for a connection that comes up and breaks repeatedly between
/// two calls of changes().
/// @pre the mutex is held
void Doorkeeper::note_change(const Watch& watch) {
  std::vector<std::size_t> untold;
  for (std::size_t k = 0; k < changes_.size(); ++k) {
    if (changes_[k].watch == watch.number) untold.push_back(k);
  }
  if (untold.size() < kUntoldMost) {
    changes_.push_back({watch.number, {*watch.peer, watch.up}});
  } else {  // this change undoes the last one
    changes_.erase(changes_.begin() + static_cast<std::ptrdiff_t>(untold.back()));
  }
}

void Doorkeeper::on_arrival(const Event& event) {
  if (event.kind == ZMQ_EVENT_ACCEPTED) {
    const std::scoped_lock lock(mutex_);
    ++arrivals_.accepted;
    arrivals_.succeeded_before[event.value] = arrivals_.succeeded;
    cut_if_crowded(static_cast<int>(event.value));
  } else if (event.kind == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) {
    const std::scoped_lock lock(mutex_);
    ++arrivals_.succeeded;
  } else if (event.kind == ZMQ_EVENT_DISCONNECTED) {
    const std::scoped_lock lock(mutex_);
    const auto before = arrivals_.succeeded_before.extract(event.value);
    if (arrivals_.failed_open > 0) {
      --arrivals_.failed_open;
    } else if (!before.empty() && before.mapped() == arrivals_.succeeded) {
      say("a connection", {"no_handshake", "it does not speak ZeroMQ's protocol as it must here"});
    }
  } else {
    const Failure failure = failure_of(event, true);
    {
      const std::scoped_lock lock(mutex_);
      // An error after the handshake is no failed handshake.
      const bool later = failure.reason == "bad_message";
      arrivals_.failed += later ? 0 : 1;
      arrivals_.failed_open += later ? 0 : 1;
    }
    // A connection that ZAP refused was counted in answer_zap().
    if (event.kind != ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) refuse("a connection", failure);
  }
}

/// Ends the newest connection if there are too many. libzmq has no function for it, so the
/// descriptor is shut down without its knowledge. If libzmq has closed the connection and the
/// descriptor has been reused, it is a file, which cannot be shut down, or another connection,
/// which breaks and comes back.
/// @pre the mutex is held
void Doorkeeper::cut_if_crowded(int descriptor) {
  if (arrivals_.succeeded_before.size() <= arrivals_most_) return;
  shutdown(descriptor, SHUT_RDWR);
  ++refused_["too_many"];
  say("a connection", {"too_many", "there are " + std::to_string(arrivals_most_) +
                                       " already, more than this run needs"});
}

Doorkeeper::Failure Doorkeeper::failure_of(const Event& event, bool at_the_door) const {
  const bool encrypted = !allowed_.empty();
  if (event.kind == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH) {
    return {"key_refused", "it does not know this process's public key: both need the same list"};
  }
  if (event.kind == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL) {
    return {"cut_handshake",
            encrypted && !at_the_door
                ? "it ended the handshake: it may have another key than the list says"
                : std::string("it ended in the handshake (") +
                      std::strerror(static_cast<int>(event.value)) + ")"};
  }
  switch (event.value) {
    case ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH:
      if (encrypted) return {"plain_text", "it does not encrypt: give it its keys"};
      return {"encrypted", "it encrypts, and this process has no keys"};
    case ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC:
      return {"not_decrypted",
              "what it says cannot be decrypted: it takes this process for one with another key, "
              "or the bytes were changed on their way"};
    case ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE:
    case ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE:
      return {"bad_message", "a message was repeated or cut on its way"};
    default:
      return {"bad_handshake", "its handshake is malformed (" + std::to_string(event.value) + ")"};
  }
}

void Doorkeeper::refuse(const std::string& whom, const Failure& failure) {
  const std::scoped_lock lock(mutex_);
  ++refused_[failure.reason];
  say(whom, failure);
}

/// @pre the mutex is held
void Doorkeeper::say(const std::string& whom, const Failure& failure) {
  const auto line = notice_limit_.line(
      failure.reason, "refused " + whom + " (" + failure.reason + "): " + failure.text);
  if (!line) return;
  notices_.push_back(*line);
  has_notices_ = true;
}

}  // namespace tacit
