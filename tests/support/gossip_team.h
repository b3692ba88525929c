#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/systems/patrol/delta_link.h"

namespace tacit::testing {

/// Robots that gossip over pairs of links, in one object: each behaves as it would on its own.
class GossipTeam {
 public:
  struct Message {
    std::size_t from;
    std::size_t to;
    RewardBits delta;  ///< as the receiver decoded it
    std::size_t bits;
    std::vector<std::byte> bytes;
  };
  using Pair = std::array<std::size_t, 2>;

  GossipTeam(std::size_t robots, GossipShape shape, GossipCode code, bool lossy = false)
      : shape_(shape), known_(robots) {
    links_.assign(robots, std::vector<DeltaLink>(robots, DeltaLink(shape, code, lossy)));
  }

  std::size_t size() const { return known_.size(); }
  const RewardBits& known(std::size_t robot) const { return known_[robot]; }
  DeltaLink& link(std::size_t from, std::size_t to) { return links_[from][to]; }

  void begin_rollout() {
    for (RewardBits& known : known_) known = {};
    for (auto& row : links_) {
      for (DeltaLink& link : row) link.begin_rollout();
    }
  }

  /// One step: the messages of pairs that meet (both ways each, in the order of `pairs`), then the
  /// rewards that each robot sees itself. Drafts for a pair that does not meet are made and
  /// discarded.
  std::vector<Message> step(std::size_t column, std::span<const Pair> pairs,
                            std::span<const std::uint8_t> seen) {
    std::vector<Message> messages;
    if (column > 0) {
      draft_all(column);
      for (const auto& [a, b] : pairs) {
        messages.push_back(draft(a, b, column));
        messages.push_back(draft(b, a, column));
      }
      for (Message& message : messages) hear(message, column);
    }
    for (std::size_t n = 0; n < size(); ++n) known_[n].observe(column, seen[n]);
    return messages;
  }

 private:
  void draft_all(std::size_t column) {
    for (std::size_t a = 0; a < size(); ++a) {
      for (std::size_t b = 0; b < size(); ++b) {
        if (a != b) links_[a][b].encode(known_[a], column);
      }
    }
  }

  Message draft(std::size_t from, std::size_t to, std::size_t column) {
    const DeltaLink::Encoded said = links_[from][to].encode(known_[from], column);
    return {from, to, {}, said.bits, {said.bytes.begin(), said.bytes.end()}};
  }

  void hear(Message& message, std::size_t column) {
    links_[message.to][message.from].commit(
        {process_id(message.from), static_cast<Round>(column), message.bytes}, message.delta);
    known_[message.to] |= message.delta;
  }

  GossipShape shape_;
  std::vector<RewardBits> known_;
  std::vector<std::vector<DeltaLink>> links_;  ///< [of][to]
};

}  // namespace tacit::testing
