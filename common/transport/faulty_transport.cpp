#include "common/transport/faulty_transport.h"

#include "common/base/random.h"

namespace tacit {

SendOutcome FaultyTransport::send(ProcessId peer, std::span<const std::byte> bytes) {
  RandomStream stream(seed_, self_, purpose("faults.packets"), sent_++);
  const bool twice = to_unit(stream()) < faults_.duplicate_probability;
  const bool damage = to_unit(stream()) < faults_.corrupt_probability && !bytes.empty();
  std::span<const std::byte> first = bytes;
  if (damage) {
    std::uint64_t word = stream();
    damaged_.assign(bytes.begin(), bytes.end());
    damaged_[split_off(word, bytes.size())] ^= static_cast<std::byte>(1 + split_off(word, 255));
    first = damaged_;
  }
  if (transport_.send(peer, first) == SendOutcome::peer_full) return SendOutcome::peer_full;
  if (damage) ++corrupted_;
  if (twice && transport_.send(peer, bytes) == SendOutcome::queued) ++duplicated_;
  return SendOutcome::queued;
}

}  // namespace tacit
