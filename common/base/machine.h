#pragma once

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/checkpoint.h"
#include "common/base/ids.h"
#include "common/base/round_output.h"

namespace tacit {

/// The processes to which a process sends, and from which it hears, in one round. Ascending; j is
/// in `to` of i at round k exactly if i is in `from` of j at round k. Valid until the machine's
/// next non-const call.
struct Arcs {
  std::span<const ProcessId> to;
  std::span<const ProcessId> from;
};

/// A frame as the machine sees it.
struct Received {
  ProcessId from;
  Round sent;
  std::span<const std::byte> payload;
};

/// `inbox`: the frames of `round` - 1 that arrived over live links, ascending sender, at most one
/// per sender. If a sender of arcs(round - 1).from is missing, its link was down or it was out of
/// reach; it is never "late".
struct RoundInput {
  Round round;
  std::span<const Received> inbox;
};

/// Named results of a process, a scalar as one element; written to agents/<id>/result.json.
using Result = std::map<std::string, std::vector<double>, std::less<>>;

/// A process's pure core. It uses no clock, socket, file or global generator; its results depend
/// only on the constructor arguments and the inputs so far, so they have the same bits in every
/// back end.
/// on_round is called for rounds 0..R in order, R being the run's round count. Frames of round R
/// are not delivered, so the last message that matters is sent in R - 1 and consumed in R.
class Machine {
 public:
  virtual ~Machine() = default;

  /// Frames sent in `round`; on_round(round + 1) waits for `from`. A pure function of the round.
  virtual Arcs arcs(Round round) const = 0;

  /// @param output  empty; takes one payload for each arc of arcs(round).to, and an arc without one
  ///                gets an empty frame.
  /// @throws InputError (peer_lost) naming the sender, if a payload violates the protocol.
  virtual void on_round(const RoundInput& input, RoundOutput& output) = 0;

  /// Saves all state on which later rounds depend. Restoring at any round boundary into a machine
  /// built with the same arguments continues with the same bits (conformance test).
  virtual void save(CheckpointWriter& writer) const = 0;
  virtual void restore(CheckpointReader& reader) = 0;

  /// The results of the process, read after the last round.
  virtual Result result() const = 0;
};

}  // namespace tacit
