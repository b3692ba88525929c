#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "common/base/history.h"
#include "common/base/machine.h"
#include "common/base/message_count.h"
#include "common/link/link_model.h"
#include "common/round/row_sink.h"

namespace tacit {

/// All machines of a run in one process, round by round: the same inputs as real processes would
/// see, so the same bits, without sockets. Frames stay where the sender wrote them; the receivers
/// of a round read the senders' outputs of the round before, hence one barrier a round is enough
/// and the number of threads cannot reach the result.
class Lockstep {
 public:
  /// @param machines  by ascending process id, 0..n-1; must outlive this object
  Lockstep(std::vector<Machine*> machines, const LinkModel& links, RowSink sink);
  ~Lockstep();

  /// Runs rounds first..last on `thread_count` threads. Rounds must follow each other across calls;
  /// the first call starts at 0, or where restore() says.
  /// @throws what a machine throws (the first by process id), all threads having stopped.
  void run(Round first, Round last, std::size_t thread_count);

  /// Of a process: what it heard and recorded in all rounds so far, and its state after them.
  std::uint64_t digest(ProcessId process) const;
  /// Everything that the rounds to come depend on, the states of the machines included. Into a
  /// Lockstep of equal machines and links it is restored with the same bits to come.
  void save(CheckpointWriter& writer) const;
  /// @return the round that run() goes on with
  /// @throws InputError (run_folder) if it is of other machines, or cut short
  Round restore(CheckpointReader& reader);

  /// By (from, to), over all rounds so far.
  std::map<Edge, MessageCount> traffic() const;

 private:
  struct Node;
  void run_block(std::size_t begin, std::size_t end, Round round);
  void compose_block(std::size_t begin, std::size_t end, Round round);
  void run_threads(Round first, Round last, std::size_t thread_count);
  void deliver(Node& node, std::size_t self, Round round);

  const LinkModel& links_;
  bool needs_poses_;
  RowSink sink_;
  std::vector<Node> nodes_;
  Round next_round_ = 0;
};

}  // namespace tacit
