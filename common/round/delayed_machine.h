#pragma once

#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "common/base/machine.h"
#include "common/link/link_delays.h"

namespace tacit {

/// A machine whose links take longer: what it gives in round k on a link with a delay of d travels
/// in the frame of round k + d, and its peer, wrapped alike, sees that it was sent in round k. A
/// frame that carries nothing yet, or what was given when there was no such arc, is not heard. What
/// is on its way belongs to the state.
class DelayedMachine final : public Machine {
 public:
  /// @param machine  sends the same to every delayed arc of a round, if it sends anything there
  DelayedMachine(ProcessId self, std::unique_ptr<Machine> machine, const LinkDelays& delays)
      : self_(self), machine_(std::move(machine)), delays_(delays) {}

  Arcs arcs(Round round) const override { return machine_->arcs(round); }
  void on_round(const RoundInput& input, RoundOutput& output) override;
  void save(CheckpointWriter& writer) const override;
  void restore(CheckpointReader& reader) override;
  Result result() const override { return machine_->result(); }

 private:
  struct Given {
    Round round;
    std::vector<std::byte> payload;
  };

  void receive(const RoundInput& input);
  void send(Round round, RoundOutput& output);
  bool had_arc_from(ProcessId from, Round round) const;

  ProcessId self_;
  std::unique_ptr<Machine> machine_;
  LinkDelays delays_;
  std::vector<Received> inbox_;
  std::map<ProcessId, std::deque<Given>> given_;  ///< ascending rounds, the last longest() + 1
};

}  // namespace tacit
