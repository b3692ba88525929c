#include "agent/systems/patrol/delta_link.h"

#include "common/base/check.h"

namespace tacit {

DeltaLink::DeltaLink(GossipShape shape, GossipCode code, bool lossy)
    : code_(code), lossy_(lossy), meeting_{shape, {}, 0, 0} {
  TACIT_CHECK(shape.refusal().empty(), "the configuration refuses shapes that cannot be coded");
  TACIT_CHECK(!lossy || code == GossipCode::list, "the other codes need both ends in step");
}

void DeltaLink::begin_rollout() { meeting_ = {meeting_.shape, {}, 0, 0}; }

DeltaLink::Encoded DeltaLink::encode(const RewardBits& known, std::size_t column) {
  TACIT_CHECK(column > meeting_.last && column < meeting_.shape.columns, "columns go up");
  TACIT_CHECK((meeting_.known - known).empty(), "a robot forgets nothing during a rollout");
  meeting_.column = column;
  drafted_ = known - meeting_.known;
  TACIT_CHECK((drafted_.any() & ~columns_before(column)) == 0, "no robot knows the future");
  drafted_outgoing_ = outgoing_;
  const std::size_t bits = write_delta(code_, meeting_, drafted_, drafted_outgoing_, message_);
  return {message_, bits, drafted_.size()};
}

DeltaLink::Heard DeltaLink::commit(const Received& heard, RewardBits& merged) {
  TACIT_CHECK(meeting_.column > 0, "an exchange has two messages, of which one is a draft here");
  DeltaModel incoming = incoming_;
  const auto [delta, bits] = read_delta(code_, meeting_, heard, incoming);
  merged |= delta;
  if (!lossy_) {
    meeting_.known |= drafted_;
    meeting_.known |= delta;
    meeting_.last = meeting_.column;
    outgoing_ = drafted_outgoing_;
    incoming_ = incoming;
  }
  meeting_.column = 0;
  return {bits, delta.size()};
}

void DeltaLink::save(CheckpointWriter& writer) const {
  writer.value(meeting_.known);
  writer.value(meeting_.last);
  writer.value(outgoing_);
  writer.value(incoming_);
}

void DeltaLink::restore(CheckpointReader& reader) {
  reader.value(meeting_.known);
  reader.value(meeting_.last);
  reader.value(outgoing_);
  reader.value(incoming_);
  meeting_.column = 0;
}

}  // namespace tacit
