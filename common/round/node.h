#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/agent_names.h"
#include "common/base/history.h"
#include "common/base/machine.h"
#include "common/base/message_count.h"
#include "common/base/notice_limit.h"
#include "common/link/link_model.h"
#include "common/round/patience.h"
#include "common/round/resend_buffer.h"
#include "common/round/round_inbox.h"
#include "common/round/row_sink.h"
#include "common/transport/transport.h"
#include "common/wire/codec.h"

namespace tacit {

/// Time as the round logic sees it: only ever passed in.
using TimePoint = std::chrono::steady_clock::time_point;

/// A bare ACK goes out after this many frames without one to piggyback on.
inline constexpr std::size_t kFramesPerAck = 32;

/// A peer that does not answer is asked again after so long.
inline constexpr std::chrono::milliseconds kAgainInterval{100};
/// Who greets nobody back at the start is asked after so long, since its HELLO, or ours, may be
/// lost; and again each time that the wait has grown by a half, but not less often than the second.
inline constexpr std::chrono::seconds kGreetingInterval{1};
inline constexpr std::chrono::seconds kLongestGreetingInterval{10};

struct NodeConfig {
  ProcessId self;
  std::uint64_t run = 0;
  Greeting greeting;            ///< what this process says of itself, and expects of its peers
  Round round_count = 0;        ///< R
  std::size_t agent_count = 0;  ///< process N is called the coordinator in messages
  AgentNames agent_names;       ///< for messages
  std::vector<ProcessId>
      ended;  ///< peers that have ended their run already: they cannot be reached
  Round checkpoint_rounds = kCheckpointRoundsMost;       ///< rounds from checkpoint to checkpoint
  std::chrono::milliseconds start_deadline{60'000};      ///< from one first HELLO to the next
  std::chrono::milliseconds gone_deadline{30'000};       ///< connection down
  std::chrono::milliseconds silent_deadline{3'600'000};  ///< connected, but no frame
  Overdue on_overdue = Overdue::fail;
  std::optional<Pace> pace;  ///< nothing: a round begins when its frames are there
};

/// What the world hears of a node's progress. Cores return data; the mains log it.
struct NodeEvents {
  RowSink row;
  std::function<void(const std::string&)> notice;  ///< one line for the log
  /// Called now and then, and after the last round, with all that the process needs to go on from
  /// there: keeps it, and what it was given the time before, so that whatever happens there is one
  /// of the two. A node without this can never come back.
  std::function<void(std::span<const std::byte>)> checkpoint = {};
  /// A REGISTER that arrives during the run; a node that is no rendezvous leaves this empty.
  std::function<void(const WirePacket&)> registration = {};
};

/// Traffic of one node towards one peer.
struct PeerTraffic {
  MessageCount data;
  MessageCount control;  ///< HELLO, ACK, DONE and frames sent again: emulation as a whole
};

/// One process of a run: joins machine, links, codec and transport. Sans-IO but for the transport
/// it is given: time is an argument, nothing here blocks, and the caller's loop is
///   receive -> on_packet; advance; until state() == finished.
///
/// Life: greeting (HELLO from every peer; nobody starts alone) -> running (rounds 0..R) -> ended
/// (until the caller's results are safe and it calls leave()) -> leaving (DONE sent to every peer,
/// answering until theirs came) -> finished.
///
/// Flow control: every frame and ACK says up to which round its sender has consumed. A node waits
/// when kFrameWindow frames to a peer are unacknowledged, and acknowledges by itself after
/// kFramesPerAck frames without one. When a connection comes back, HELLO and all unacknowledged
/// frames are sent again: frames are idempotent. A HELLO from another endpoint than the one the
/// peer was looked up at makes the node connect there, at most once a second.
///
/// Damage: what does not decode may have been anybody's, so every peer is suspected of having said
/// something that was not understood. A node that waits for such a peer asks it to say all of it
/// again, until it greets. It asks at most once per kAgainInterval or whenever it has consumed
/// more, and answers no more often than that, so whoever sends garbage gains nothing.
///
/// Coming back: now and then a node makes a checkpoint and tells its peers which frames it will
/// never need again. A killed process is restored in a new incarnation, says in its HELLO what it
/// has consumed, and gets all later frames once more; what it sends once more its peers know.
/// One that goes on from before what they still have, since its folder was emptied or is an old
/// copy, cannot: where everybody is waited for, both ends give up at the greeting, naming it, and
/// tell their peers, who do the same.
///
/// Quiet: peers that know from their poses that neither can hear the other for some rounds exchange
/// nothing in these.
///
/// Not waiting: with Overdue::close a peer that is gone is not waited for until it is back, with a
/// Pace nobody ever is. Who is not waited for gets the newest frames only, and may miss some.
class Node {
 public:
  enum class State { greeting, running, ended, leaving, finished };

  /// Sends HELLO to every peer. @pre the transport is connected to all of peers()
  /// @param checkpoint  what another incarnation gave to NodeEvents::checkpoint: goes on from there
  /// @throws InputError (run_folder) if the checkpoint is of another run or cut short
  Node(const NodeConfig& config, Machine& machine, const LinkModel& links, Transport& transport,
       NodeEvents events, std::span<const std::byte> checkpoint = {});

  /// Bytes from anybody. Garbage is counted, noted and forgotten; so is what a process says in the
  /// name of another, where connections are authenticated.
  void on_packet(const Packet& arrived);
  void on_connection(const ConnectionChange& change, TimePoint now);

  /// Does whatever is possible now: as many rounds as the inbox and the window allow.
  /// @return whether at least one round was run
  /// @throws InputError (peer_absent, peer_lost) naming whom it waited for, past a deadline.
  bool advance(TimePoint now);

  /// While a node greets: processes of the run still come, and its peers may wait for them. The
  /// start deadline counts from now.
  void others_came(TimePoint now) { others_came_at_ = now; }

  /// Says DONE to every peer. @pre state() == ended
  void leave(TimePoint now);

  /// A peer is known to have ended its run well: nothing is expected of it any more.
  void has_left(ProcessId peer);

  /// When the next round may begin, where the clock says so.
  std::optional<TimePoint> next_round_due() const;

  /// Whether the run so far would be the same bits elsewhere: no round began without a frame that
  /// was due.
  bool reproducible() const { return reproducible_; }
  /// Frames that were due and not there when their round began.
  std::uint64_t missed() const { return inbox_.missed(); }

  State state() const { return state_; }
  /// The next round to run; R + 1 after the last.
  Round round() const { return inbox_.round(); }
  /// Whom the node waits for at this moment, ascending.
  std::vector<ProcessId> waiting_for() const;

  /// What the process heard and recorded in all rounds so far, and its state after them.
  std::uint64_t digest() const { return history_.digest_with(machine_); }

  std::map<ProcessId, PeerTraffic> traffic() const;
  /// Packets that were not let through, by reason.
  const std::map<std::string, std::uint64_t, std::less<>>& refused() const { return refused_; }

 private:
  /// When somebody was asked to say it all again, or did so when asked.
  struct Repetition {
    std::optional<Round> consumed;  ///< by whom it was said for
    TimePoint at{};
    /// Whether another one may be due.
    bool is_over(Round now_consumed, TimePoint now, std::chrono::milliseconds interval) const {
      return !consumed || *consumed < now_consumed || now - at >= interval;
    }
  };

  struct Peer {
    bool reachable = true;
    std::optional<std::uint32_t> incarnation;  ///< of its last greeting
    bool greeted = false;
    bool done = false;
    bool connected_before = false;
    bool resend_pending = false;  ///< the transport refused some of what it should carry
    std::string mismatch;         ///< why its HELLO was refused
    ResendBuffer frames;
    Round forgotten_told = -1;  ///< what the peer knows of frames.forgotten()
    Round newest_sent = -1;     ///< what is handed out up to here is handed out again
    std::size_t consumed_since_ack = 0;
    std::optional<MessageCount> unsettled;  ///< of the last frame, if poses decide who hears it
    std::optional<TimePoint> down_since;
    std::optional<TimePoint> back_since;  ///< when it last greeted in a new incarnation
    bool understood = true;  ///< nothing that came damaged since it greeted can be its own
    Repetition asked;        ///< by this node
    Repetition answered;     ///< to the peer
    PeerTraffic traffic;
  };

  void on_hello(const WirePacket& packet, Peer& peer);
  void on_frame(const WirePacket& packet, Peer& peer);
  void acknowledged(ProcessId from, Peer& peer, Round consumed);
  void hand_over(ProcessId to, Peer& peer);
  void refuse(std::string_view reason, const std::string& what, std::optional<ProcessId> peer = {});
  void tell(std::string_view kind, std::optional<ProcessId> peer, const std::string& text);
  void start_running(TimePoint now);
  void run_round();
  void run_machine(const RoundInput& input);
  void send_frames(Round round);
  void settle_last_frames();
  void send_control(ProcessId to, Peer& peer, PacketKind kind);
  void greet_again(ProcessId to, Peer& peer);
  void on_damage(std::optional<ProcessId> sender);
  void ask_again();
  void answer_again(ProcessId from, Peer& peer, Round consumed);
  Round consumed() const { return std::max<Round>(inbox_.round() - 2, -1); }
  void make_checkpoint(TimePoint now);
  void check_return(const WirePacket& hello, Peer& peer, bool is_new);
  [[noreturn]] void cannot_go_on(const std::string& who, Round from, const std::string& whose,
                                 Round forgotten);
  void on_refusal(const WirePacket& packet);
  [[noreturn]] void give_up_run(const std::string& why);
  void save(CheckpointWriter& writer) const;
  void restore(CheckpointReader& reader);
  bool window_open() const;
  bool is_due(TimePoint now) const { return !config_.pace || now >= *next_round_due(); }
  void on_gone(ProcessId id, const std::string& what);
  bool all_peers(bool Peer::*property) const;
  void check_deadlines(TimePoint now);
  [[noreturn]] void give_up_start(const std::vector<ProcessId>& absent) const;
  std::string names_of(const std::vector<ProcessId>& processes) const;
  std::string describe(ProcessId peer) const;

  NodeConfig config_;
  Machine& machine_;
  const LinkModel& links_;
  Transport& transport_;
  NodeEvents events_;
  RoundInbox inbox_;
  RoundOutput output_;
  Codec codec_;
  WirePacket incoming_;
  std::map<ProcessId, Peer> peers_;
  std::vector<ProcessId> overdue_acks_;
  std::map<std::string, std::uint64_t, std::less<>> refused_;
  NoticeLimit notices_;  ///< kinds are reasons, of each peer its own
  History history_;
  State state_ = State::greeting;
  bool resend_pending_ = false;  ///< of any peer
  Round checkpoint_round_ = 0;   ///< of the last checkpoint
  std::optional<TimePoint> checkpoint_time_;
  Round last_covered_ = -1;  ///< by the last checkpoint
  Round covered_ = -1;       ///< by the one before, and so for ever
  TimePoint now_{};          ///< as last told
  bool some_suspect_ = false;
  bool reproducible_ = true;
  TimePoint paced_since_{};  ///< when paced_from_ was due
  Round paced_from_ = 0;
  std::optional<TimePoint> blocked_since_;
  std::optional<TimePoint> reported_at_;
  TimePoint others_came_at_{};
  TimePoint greet_again_at_{};
};

/// As messages call it: greeting, running or leaving.
std::string_view name_of(Node::State state);

/// The round that a checkpoint goes on with; R + 1 if the last one was over.
/// @throws InputError (run_folder) if it is none
Round round_of(std::span<const std::byte> checkpoint);

/// Everybody a machine ever exchanges frames with in rounds 0..R-1, ascending.
std::vector<ProcessId> peers_of(const Machine& machine, Round round_count);

}  // namespace tacit
