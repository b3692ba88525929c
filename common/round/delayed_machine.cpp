#include "common/round/delayed_machine.h"

#include <algorithm>

#include "common/base/check.h"

namespace tacit {

void DelayedMachine::on_round(const RoundInput& input, RoundOutput& output) {
  receive(input);
  machine_->on_round({input.round, inbox_}, output);
  send(input.round, output);
}

void DelayedMachine::receive(const RoundInput& input) {
  inbox_.clear();
  for (Received received : input.inbox) {
    const Round delay = delays_.of({received.from, self_}, received.sent);
    received.sent -= delay;
    if (delay > 0 && !had_arc_from(received.from, received.sent)) continue;
    inbox_.push_back(received);
  }
}

bool DelayedMachine::had_arc_from(ProcessId from, Round round) const {
  return round >= 0 && std::ranges::binary_search(machine_->arcs(round).from, from);
}

void DelayedMachine::send(Round round, RoundOutput& output) {
  TACIT_CHECK(output.source() == nullptr, "what is composed on demand cannot be late");
  for (const ProcessId to : machine_->arcs(round).to) {
    auto& given = given_[to];
    const auto payload = output.payload_for(to);
    given.push_back({round, {payload.begin(), payload.end()}});
    while (given.front().round < round - delays_.longest()) given.pop_front();
    const Round delay = delays_.of({self_, to}, round);
    if (delay == 0) continue;
    const auto late = std::ranges::find(given, round - delay, &Given::round);
    output.send(to, late != given.end() ? std::span<const std::byte>(late->payload)
                                        : std::span<const std::byte>());
  }
}

void DelayedMachine::save(CheckpointWriter& writer) const {
  machine_->save(writer);
  writer.value(given_.size());
  for (const auto& [to, given] : given_) {
    writer.value(to);
    writer.value(given.size());
    for (const Given& one : given) {
      writer.value(one.round);
      writer.values(one.payload);
    }
  }
}

void DelayedMachine::restore(CheckpointReader& reader) {
  machine_->restore(reader);
  std::size_t peer_count = 0;
  reader.value(peer_count);
  given_.clear();
  for (std::size_t k = 0; k < peer_count; ++k) {
    ProcessId to{};
    std::size_t count = 0;
    reader.value(to);
    reader.value(count);
    for (std::size_t n = 0; n < count; ++n) {
      Given& one = given_[to].emplace_back();
      reader.value(one.round);
      reader.values(one.payload);
    }
  }
}

}  // namespace tacit
