#include "common/simulation/lockstep.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <exception>
#include <latch>
#include <system_error>
#include <thread>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/round/next_contact.h"
#include "common/wire/codec.h"

namespace tacit {

struct Lockstep::Node {
  struct Incoming {
    ProcessId from;
    MessageCount traffic;
    Round quiet_until = 0;
  };

  Machine* machine = nullptr;
  History history;
  RoundOutput outputs[2];  // of even and odd rounds
  std::vector<Received> inbox;
  std::vector<Incoming> incoming;  // ascending sender
  std::size_t hint = 0;            // where the next sender's account probably is
  std::exception_ptr error;

  /// From when on frames are exchanged with a peer: both ends of a link find the same.
  Round quiet_until(ProcessId peer) const {
    const auto place = std::ranges::lower_bound(incoming, peer, {}, &Incoming::from);
    return place != incoming.end() && place->from == peer ? place->quiet_until : 0;
  }

  Incoming& account(ProcessId from) {
    if (hint >= incoming.size() || incoming[hint].from != from) {
      const auto place = std::lower_bound(
          incoming.begin(), incoming.end(), from,
          [](const Incoming& entry, ProcessId wanted) { return entry.from < wanted; });
      hint = static_cast<std::size_t>(place - incoming.begin());
      if (place == incoming.end() || place->from != from) incoming.insert(place, {from, {}});
    }
    return incoming[hint++];
  }

  void save(CheckpointWriter& writer, Round next_round) const;
  void restore(CheckpointReader& reader, Round next_round);
};

Lockstep::Lockstep(std::vector<Machine*> machines, const LinkModel& links, RowSink sink)
    : links_(links),
      needs_poses_(links.needs_poses()),
      sink_(std::move(sink)),
      nodes_(machines.size()) {
  for (std::size_t i = 0; i < machines.size(); ++i) nodes_[i].machine = machines[i];
}

Lockstep::~Lockstep() = default;

void Lockstep::deliver(Node& node, std::size_t self, Round round) {
  node.inbox.clear();
  node.hint = 0;
  if (round == 0) return;
  const Round sent = round - 1;
  const Arcs arcs = node.machine->arcs(sent);
  for (const ProcessId from : arcs.from) {
    TACIT_CHECK(index_of(from) < nodes_.size(), "arcs lead to processes of the run");
    const Edge edge{from, process_id(self)};
    if (!links_.sends(edge, sent)) continue;
    Node::Incoming& account = node.account(from);
    if (sent < account.quiet_until) continue;
    const RoundOutput& output = nodes_[index_of(from)].outputs[sent & 1];
    const auto payload = output.payload_for(edge.to);
    const MessageCount data{1, 8 * payload.size(), frame_bytes(from, sent, payload.size()), 0};
    if (needs_poses_) {
      const Point here = node.outputs[sent & 1].pose();
      const bool heard = links_.hears(edge, sent, output.pose(), here);
      account.traffic.add_frame(data, kPoseBytes, heard);
      if (!heard) {
        account.quiet_until = next_contact(links_, arcs, edge, sent, output.pose(), here);
        continue;
      }
    } else {
      account.traffic += data;
    }
    node.inbox.push_back({from, sent, payload});
  }
}

void Lockstep::run_block(std::size_t begin, std::size_t end, Round round) {
  for (std::size_t i = begin; i < end; ++i) {
    Node& node = nodes_[i];
    try {
      deliver(node, i, round);
      RoundOutput& output = node.outputs[round & 1];
      output.clear();
      node.machine->on_round({round, node.inbox}, output);
      node.history.add({round, node.inbox}, output.row());
      if (!output.row().empty()) sink_(process_id(i), round, output.row());
    } catch (...) {
      node.error = std::current_exception();
    }
  }
}

/// Payloads on demand, once it is known where everybody is.
void Lockstep::compose_block(std::size_t begin, std::size_t end, Round round) {
  for (std::size_t i = begin; i < end; ++i) {
    RoundOutput& output = nodes_[i].outputs[round & 1];
    if (output.source() == nullptr || nodes_[i].error) continue;
    for (const ProcessId to : nodes_[i].machine->arcs(round).to) {
      const Edge edge{process_id(i), to};
      const RoundOutput& theirs = nodes_[index_of(to)].outputs[round & 1];
      if (!links_.sends(edge, round) || round < nodes_[i].quiet_until(to)) continue;
      if (needs_poses_ && !links_.hears(edge, round, output.pose(), theirs.pose())) continue;
      output.send(to, output.source()->payload_for(to));
    }
  }
}

void Lockstep::run_threads(Round first, Round last, std::size_t thread_count) {
  // All threads must leave after the same round: the decision is taken once, inside the barrier.
  std::atomic<bool> failed = false;
  bool stop = false;
  std::barrier barrier(static_cast<std::ptrdiff_t>(thread_count),
                       [&]() noexcept { stop = failed; });
  std::latch all_made(1);
  bool given_up = false;
  const auto work = [&](std::size_t thread) {
    all_made.wait();
    if (given_up) return;
    const std::size_t begin = nodes_.size() * thread / thread_count;
    const std::size_t end = nodes_.size() * (thread + 1) / thread_count;
    for (Round round = first; round <= last; ++round) {
      run_block(begin, end, round);
      for (std::size_t i = begin; i < end; ++i) {
        if (nodes_[i].error) failed = true;
      }
      if (needs_poses_) barrier.arrive_and_wait();
      compose_block(begin, end, round);
      barrier.arrive_and_wait();
      if (stop) return;
    }
  };
  std::vector<std::jthread> threads;
  try {
    for (std::size_t k = 1; k < thread_count; ++k) threads.emplace_back(work, k);
  } catch (const std::system_error&) {
    given_up = true;  // nobody waits at a barrier that some will never reach
    all_made.count_down();
    throw InputError(ExitCode::usage, "the system gives no " + std::to_string(thread_count) +
                                          " threads: ask for fewer");
  }
  all_made.count_down();
  work(0);
}

void Lockstep::run(Round first, Round last, std::size_t thread_count) {
  const auto failed = [](const Node& node) { return node.error != nullptr; };
  thread_count = std::clamp<std::size_t>(thread_count, 1, nodes_.size());
  if (thread_count == 1) {
    for (Round round = first; round <= last; ++round) {
      run_block(0, nodes_.size(), round);
      compose_block(0, nodes_.size(), round);
      if (std::ranges::any_of(nodes_, failed)) break;
    }
  } else {
    run_threads(first, last, thread_count);
  }
  const auto broken = std::ranges::find_if(nodes_, failed);
  if (broken != nodes_.end()) std::rethrow_exception(broken->error);
  next_round_ = last + 1;
}

void Lockstep::Node::save(CheckpointWriter& writer, Round next_round) const {
  CheckpointWriter state;
  machine->save(state);
  writer.values(std::vector(state.bytes().begin(), state.bytes().end()));
  writer.value(history);
  writer.value(incoming.size());
  for (const Incoming& account : incoming) {
    writer.value(account.from);
    writer.value(account.traffic);
    writer.value(account.quiet_until);
  }
  if (next_round == 0) return;
  const RoundOutput& said = outputs[(next_round - 1) & 1];
  writer.value(said.pose());
  std::span<const std::byte> last;
  for (const ProcessId to : machine->arcs(next_round - 1).to) {
    const auto payload = said.payload_for(to);
    const bool is_last = payload.data() == last.data() && payload.size() == last.size();
    writer.value(is_last);  // most machines say the same to all
    if (!is_last) writer.values(std::vector(payload.begin(), payload.end()));
    last = payload;
  }
}

void Lockstep::Node::restore(CheckpointReader& reader, Round next_round) {
  std::vector<std::byte> state;
  reader.values(state);
  CheckpointReader machine_reader(state);
  machine->restore(machine_reader);
  reader.value(history);
  std::size_t account_count = 0;
  reader.value(account_count);
  incoming.clear();
  for (std::size_t k = 0; k < account_count; ++k) {
    Incoming& account = incoming.emplace_back();
    reader.value(account.from);
    reader.value(account.traffic);
    reader.value(account.quiet_until);
  }
  if (next_round == 0) return;
  RoundOutput& said = outputs[(next_round - 1) & 1];
  said.clear();
  Point pose;
  reader.value(pose);
  said.set_pose(pose);
  std::vector<std::byte> payload;
  for (const ProcessId to : machine->arcs(next_round - 1).to) {
    bool is_last = false;
    reader.value(is_last);
    if (!is_last) reader.values(payload);
    said.send(to, payload);
  }
}

void Lockstep::save(CheckpointWriter& writer) const {
  writer.value(next_round_);
  writer.value(nodes_.size());
  for (const Node& node : nodes_) node.save(writer, next_round_);
}

Round Lockstep::restore(CheckpointReader& reader) {
  std::size_t node_count = 0;
  reader.value(next_round_);
  reader.value(node_count);
  if (next_round_ < 0 || node_count != nodes_.size()) {
    throw InputError(ExitCode::run_folder, "the checkpoint is of another run");
  }
  for (Node& node : nodes_) node.restore(reader, next_round_);
  return next_round_;
}

std::uint64_t Lockstep::digest(ProcessId process) const {
  const Node& node = nodes_[index_of(process)];
  return node.history.digest_with(*node.machine);
}

std::map<Edge, MessageCount> Lockstep::traffic() const {
  std::map<Edge, MessageCount> traffic;
  for (std::size_t to = 0; to < nodes_.size(); ++to) {
    for (const Node::Incoming& arc : nodes_[to].incoming) {
      traffic[{arc.from, process_id(to)}] = arc.traffic;
    }
  }
  return traffic;
}

}  // namespace tacit
