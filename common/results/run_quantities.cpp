#include "common/results/run_quantities.h"

namespace tacit {
namespace {

constexpr Quantity kQuantities[] = {
    {Where::agent_row, "round", "rounds", "in which the row was recorded, from 0"},
    {Where::coordinator_row, "round", "rounds", "in which the row was recorded, from 0"},
    {Where::total, "count", "messages", "that machines sent each other and heard"},
    {Where::total, "payload_bits", "bits", "what the machines said"},
    {Where::total, "frame_bytes", "bytes",
     "frames of data, with what the wire adds to the payload"},
    {Where::total, "emulation_bytes", "bytes",
     "what only this way of running needs: acknowledgements, poses, frames not heard"},
    {Where::message_row, "from", "process", "sender; agents are 0..N-1, the coordinator is N"},
    {Where::message_row, "to", "process", "receiver"},
    {Where::message_row, "kind", "word",
     "data: what machines exchange; control: what only the processes need"},
    {Where::message_row, "count", "messages", "of this kind from this sender to this receiver"},
    {Where::message_row, "payload_bits", "bits", "what the machines said"},
    {Where::message_row, "frame_bytes", "bytes", "frames, with what the wire adds to the payload"},
    {Where::message_row, "emulation_bytes", "bytes", "what only this way of running needs"},
    {Where::message_row, "from_name", "word",
     "of the sender; a column only if a graph file names agents, as the next"},
    {Where::message_row, "to_name", "word", "of the receiver"},
    {Where::fault_row, "kind", "word", "kill, pause, corrupt and so on"},
    {Where::fault_row, "phase", "word",
     "of kills, restarts and pauses: handshake, training, exchange, checkpoint or end"},
    {Where::fault_row, "target", "process", "or a link \"0-1\", groups \"0 1|2 3\", all"},
    {Where::fault_row, "planned_round", "rounds",
     "in which it was to happen; empty for all through the run"},
    {Where::fault_row, "applied_round", "rounds", "in which it happened; empty if it never did"},
    {Where::fault_row, "count", "events", "packets, or rounds in which links were affected"},
    {Where::fault_row, "target_name", "word",
     "the target with names for numbers; a column only if a graph file names agents"},
    {Where::sweep_cell, "<key>", "of the key", "swept value, a column per key"},
    {Where::sweep_cell, "seed", "1", "of the run"},
    {Where::sweep_cell, "met", "0 or 1", "1 if all constraints and bounds hold"},
    {Where::sweep_cell, "<metric>", "of the metric",
     "metric of one number; empty where a run does not have it"},
    {Where::sweep_cell, "<metric>_most", "of the metric", "largest number of a metric of several"},
    {Where::sweep_cell, "digest", "hexadecimal", "digest of the run, as in summary.json"},
    {Where::sweep_cell, "impossible", "words",
     "why the combination cannot be run; a column only if one cannot"},
    {Where::sweep_point, "<key>", "of the key", "swept value, a column per key"},
    {Where::sweep_point, "seeds", "runs", "over which the columns that follow are means"},
    {Where::sweep_point, "<metric>_mean", "of the metric", "mean over the seeds, of met too"},
    {Where::sweep_point, "<metric>_low", "of the metric",
     "lower end of the 95 % confidence interval of the mean"},
    {Where::sweep_point, "<metric>_high", "of the metric", "upper end of it"},
    {Where::sweep_point, "impossible", "words",
     "why the combination cannot be run; a column only if one cannot"},
    {Where::training, "tacit", "release", "that trained it"},
    {Where::training, "arithmetic", "hash",
     "of the bits that arithmetic gave where it was trained"},
};

}  // namespace

std::span<const Quantity> run_quantities() { return kQuantities; }

std::string csv_header(Where where, bool named) {
  std::string header;
  for (const Quantity& column : kQuantities) {
    if (column.where != where || (column.name.ends_with("_name") && !named)) continue;
    if (!header.empty()) header += ',';
    header += column.name;
  }
  return header;
}

}  // namespace tacit
