// Goal: whatever bytes a peer sends, in whatever state a link is, it refuses them with nothing
// changed, or takes from them only rewards of the past that were not common knowledge; and these
// are the bytes that its peer would have sent for them.
// Method: the first bytes choose code and shape, then a history of steps in which the two ends
// see zones and meet or not; the rest is the message.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/systems/patrol/delta_link.h"
#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

std::vector<std::byte> saved(const DeltaLink& link) {
  CheckpointWriter writer;
  link.save(writer);
  return {writer.bytes().begin(), writer.bytes().end()};
}

struct Pair {
  std::array<DeltaLink, 2> links;
  std::array<RewardBits, 2> known;

  void meet(std::size_t column) {
    const auto first = links[0].encode(known[0], column),
               second = links[1].encode(known[1], column);
    links[0].commit({process_id(1), 0, second.bytes}, known[0]);
    links[1].commit({process_id(0), 0, first.bytes}, known[1]);
    TACIT_CHECK(known[0] == known[1], "after an exchange both know the same");
  }

  void hear(std::span<const std::byte> bytes, std::size_t column, GossipShape shape) {
    links[0].encode(known[0], column);
    const std::vector<std::byte> before = saved(links[0]);
    RewardBits told;
    try {
      links[0].commit({process_id(1), 0, bytes}, told);
    } catch (const InputError&) {
      TACIT_CHECK(saved(links[0]) == before && told.empty(), "a refusal changes nothing");
      return;
    }
    RewardBits possible;
    for (std::size_t tau = 0; tau < column; ++tau) {
      possible.observe(tau, static_cast<std::uint8_t>((1u << shape.zones) - 1));
    }
    TACIT_CHECK((told - possible).empty(), "only rewards of the past");
    // What the peer knew when they last met, and what it has just told.
    const auto again = links[1].encode(common | told, column);
    TACIT_CHECK(again.new_bits == told.size(), "nothing that both know already");
    TACIT_CHECK(std::ranges::equal(again.bytes, bytes), "the bytes that the peer would send");
  }

  RewardBits common;  ///< K
};

void run(std::span<const std::uint8_t> input) {
  std::size_t at = 0;
  const auto next = [&] { return at < input.size() ? input[at++] : std::uint8_t{0}; };
  const auto code = static_cast<GossipCode>(next() % 3);
  const GossipShape shape{2 + next() % 127u, 1 + next() % 8u};
  if (!shape.refusal().empty()) return;
  const bool lossy = code == GossipCode::list && next() % 4 == 0;
  const DeltaLink link(shape, code, lossy);
  Pair pair{{link, link}, {}, {}};
  const std::size_t end = 1 + next() % (shape.columns - 1);
  const auto zones = static_cast<std::uint8_t>((1u << shape.zones) - 1);
  for (std::size_t column = 0; column < end; ++column) {
    const std::uint8_t choice = next();
    if (column > 0 && choice % 4 == 0) {
      pair.meet(column);
      if (!lossy) pair.common = pair.known[0];
    }
    if (choice & 16) pair.known[0].observe(column, next() & zones);
    if (choice & 32) pair.known[1].observe(column, next() & zones);
  }
  pair.hear(std::as_bytes(input.subspan(at)), end, shape);
}

}  // namespace
}  // namespace tacit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tacit::run({data, size});
  return 0;
}
