#include "agent/systems/locomotion/state_relay.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "agent/systems/locomotion/plant/plant_exchange.h"
#include "common/base/check.h"
#include "common/protocol/peer_payload.h"

namespace tacit {
namespace {

constexpr std::size_t kSixteenBits = 0xffff;

struct Header {
  std::uint16_t origin;
  std::uint16_t hops_left;
};

void append(std::vector<std::byte>& to, const void* data, std::size_t size) {
  const auto* const bytes = static_cast<const std::byte*>(data);
  to.insert(to.end(), bytes, bytes + size);
}

}  // namespace

StateRelay::StateRelay(Config config) : config_(std::move(config)), known_(config_.rows.size()) {
  TACIT_CHECK(config_.rows.size() <= kSixteenBits && config_.hop_count <= kSixteenBits,
              "origins and hops are told in 16 bits each");
}

void StateRelay::begin(std::size_t columns, std::span<const float> own) {
  TACIT_CHECK(own.size() == columns * config_.rows[index_of(config_.self)],
              "a block has the size that was agreed");
  ++step_;
  columns_ = columns;
  Known& self = known_[index_of(config_.self)];
  self.step = step_;
  self.numbers.assign(own.begin(), own.end());
  if (config_.hop_count == 0) return;
  const auto place = std::ranges::lower_bound(waiting_, config_.self, {}, &Waiting::origin);
  waiting_.insert(place, {config_.self, config_.hop_count, {}});
}

void StateRelay::send(RoundOutput& output) {
  for (const ProcessId to : config_.neighbours) {
    message_.clear();
    for (const Waiting& block : waiting_) {
      if (std::ranges::find(block.from, to) != block.from.end()) continue;
      const Header header{static_cast<std::uint16_t>(index_of(block.origin)),
                          static_cast<std::uint16_t>(block.hops_left - 1)};
      append(message_, &header, sizeof header);
      const std::vector<float>& numbers = known_[index_of(block.origin)].numbers;
      append(message_, numbers.data(), numbers.size() * sizeof(float));
    }
    output.send(to, message_);
  }
  waiting_.clear();
}

void StateRelay::hear(const Received& received) {
  if (!std::ranges::binary_search(config_.neighbours, received.from)) {
    refuse_payload(received, "states from a process that is not a neighbour");
  }
  std::span<const std::byte> rest = received.payload;
  std::size_t next_origin = 0;
  while (!rest.empty()) {
    Header header{};
    if (rest.size() < sizeof header) refuse_payload(received, "a relayed state ends early");
    std::memcpy(&header, rest.data(), sizeof header);
    rest = rest.subspan(sizeof header);
    if (header.origin < next_origin || header.origin >= known_.size() ||
        header.hops_left >= config_.hop_count) {
      refuse_payload(received, "a relayed state of nobody, twice, or from too far away");
    }
    next_origin = header.origin + std::size_t{1};
    const std::size_t size = config_.rows[header.origin] * columns_ * sizeof(float);
    if (rest.size() < size) refuse_payload(received, "a relayed state ends early");
    take(received, header.hops_left, process_id(header.origin), rest.first(size));
    rest = rest.subspan(size);
  }
}

void StateRelay::take(const Received& received, std::size_t hops_left, ProcessId origin,
                      std::span<const std::byte> bytes) {
  const auto hops = static_cast<Round>(config_.hop_count - hops_left);
  const Round step = config_.delayed ? step_ + 1 - hops : step_;
  Known& known = known_[index_of(origin)];
  const auto place = std::ranges::lower_bound(waiting_, origin, {}, &Waiting::origin);
  const bool waits = place != waiting_.end() && place->origin == origin;
  if (step < known.step || origin == config_.self) return;
  if (step == known.step) {
    if (waits) place->from.push_back(received.from);
    return;
  }
  known.step = step;
  known.numbers.resize(bytes.size() / sizeof(float));
  take_states(bytes, known.numbers, received);
  if (hops_left == 0) return;
  if (waits) {
    *place = {origin, hops_left, {received.from}};
  } else {
    waiting_.insert(place, {origin, hops_left, {received.from}});
  }
}

Round StateRelay::age(ProcessId agent) const {
  const Known& known = known_[index_of(agent)];
  return known.step < 0 ? -1 : step_ - known.step;
}

void StateRelay::save(CheckpointWriter& writer) const {
  writer.value(step_);
  writer.value(columns_);
  for (const Known& known : known_) {
    writer.value(known.step);
    writer.values(known.numbers);
  }
  writer.value(waiting_.size());
  for (const Waiting& block : waiting_) {
    writer.value(block.origin);
    writer.value(block.hops_left);
    writer.values(block.from);
  }
}

void StateRelay::restore(CheckpointReader& reader) {
  reader.value(step_);
  reader.value(columns_);
  for (Known& known : known_) {
    reader.value(known.step);
    reader.values(known.numbers);
  }
  std::size_t count = 0;
  reader.value(count);
  waiting_.clear();
  while (waiting_.size() < count) {
    Waiting& block = waiting_.emplace_back();
    reader.value(block.origin);
    reader.value(block.hops_left);
    reader.values(block.from);
  }
}

}  // namespace tacit
