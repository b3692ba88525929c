#include "agent/systems/patrol/gossip_code.h"

#include <algorithm>
#include <string>

#include "agent/systems/patrol/bit_stream.h"
#include "agent/systems/patrol/range_coder.h"
#include "common/base/check.h"
#include "common/protocol/peer_payload.h"

namespace tacit {
namespace {

constexpr unsigned kCountBits = 10;
constexpr unsigned kColumnBits = 7;
constexpr unsigned kZoneBits = 3;

std::size_t write_list(const Meeting& meeting, const RewardBits& delta, BitWriter& writer) {
  writer.put(delta.size(), kCountBits);
  for (Columns rest = delta.any(); rest != 0; rest &= rest - 1) {
    const std::size_t column = first_of(rest);
    for (std::size_t m = 0; m < meeting.shape.zones; ++m) {
      if (has_column(delta[m], column)) {
        writer.put(column << kZoneBits | m, kColumnBits + kZoneBits);
      }
    }
  }
  return writer.size();
}

RewardBits read_list(const Meeting& meeting, const Received& received) {
  BitReader reader(received.payload);
  const std::size_t bit_count = reader.take(kCountBits);
  const std::size_t size = (kCountBits + bit_count * (kColumnBits + kZoneBits) + 7) / 8;
  if (received.payload.size() != size) {
    refuse_payload(received, "a list of " + std::to_string(bit_count) + " bits in " +
                                 std::to_string(received.payload.size()) + " bytes, expected " +
                                 std::to_string(size));
  }
  RewardBits delta;
  for (std::size_t k = 0; k < bit_count; ++k) {
    const std::size_t column = reader.take(kColumnBits);
    const std::size_t zone = reader.take(kZoneBits);
    const char* reason = nullptr;
    if (zone >= meeting.shape.zones || column >= meeting.shape.columns) {
      reason = "does not exist";
    } else if (column >= meeting.column) {
      reason = "is in the future";
    } else if (has_column(meeting.known[zone], column)) {
      reason = "both know already";
    }
    if (reason != nullptr) {
      refuse_payload(received, "zone " + std::to_string(zone + 1) + " in column " +
                                   std::to_string(column) + ", which " + reason);
    }
    delta.add(zone, Columns{1} << column);
  }
  return delta;
}

std::size_t write_run_lengths(const Meeting& meeting, const RewardBits& delta, BitWriter& writer) {
  for (std::size_t m = 0; m < meeting.shape.zones; ++m) {
    writer.put(delta[m] != 0, 1);
    if (delta[m] == 0) continue;
    const Columns unknown = meeting.unknown(m);
    const Columns bits = close_up(delta[m], unknown);
    std::size_t left = count_of(unknown);
    for (bool value = false; (bits & columns_before(left)) != 0; value = !value) {
      const std::size_t end = width_of((value ? ~bits : bits) & columns_before(left));
      writer.put_gamma(left - end + 1);
      left = end;
    }
    writer.put_gamma(1);
  }
  return writer.size();
}

RewardBits read_run_lengths(const Meeting& meeting, const Received& received) {
  BitReader reader(received.payload);
  RewardBits delta;
  for (std::size_t m = 0; m < meeting.shape.zones; ++m) {
    if (reader.take(1) == 0) continue;
    const Columns unknown = meeting.unknown(m);
    std::size_t left = count_of(unknown);
    Columns bits = 0;
    for (bool value = false;; value = !value) {
      const std::size_t gamma = reader.take_gamma();
      if (gamma == 0 || gamma - 1 > left) {
        refuse_payload(received, "a run past the last column that zone " + std::to_string(m + 1) +
                                     " can have");
      }
      if (!value && gamma == 1 && bits != 0) break;
      const Columns run = columns_before(left) & ~columns_before(left - (gamma - 1));
      if (value) bits |= run;
      left -= gamma - 1;
    }
    delta.add(m, spread(bits, unknown));
  }
  return delta;
}

RewardBits read_any(GossipCode code, const Meeting& meeting, const Received& received,
                    DeltaModel& model) {
  if (code == GossipCode::arithmetic) {
    RangeDecoder decoder(received.payload);
    return DeltaWalk(meeting, model, decoder).code({});
  }
  if (received.payload.empty()) return {};
  return code == GossipCode::list ? read_list(meeting, received)
                                  : read_run_lengths(meeting, received);
}

}  // namespace

std::size_t write_delta(GossipCode code, const Meeting& meeting, const RewardBits& delta,
                        DeltaModel& model, std::vector<std::byte>& message) {
  if (code == GossipCode::arithmetic) {
    RangeEncoder encoder(message);
    DeltaWalk(meeting, model, encoder).code(delta);
    encoder.finish();
    return 8 * message.size();
  }
  BitWriter writer(message);
  if (delta.empty()) return 0;
  return code == GossipCode::list ? write_list(meeting, delta, writer)
                                  : write_run_lengths(meeting, delta, writer);
}

ReadDelta read_delta(GossipCode code, const Meeting& meeting, const Received& received,
                     DeltaModel& model) {
  DeltaModel writers_model = model;
  const RewardBits delta = read_any(code, meeting, received, model);
  // A code has byte sequences that no encoder writes: surplus bytes, padding with ones, wrong
  // order, an announced zone without bits. Encoding the result again finds all of them.
  std::vector<std::byte> again;
  const std::size_t bits = write_delta(code, meeting, delta, writers_model, again);
  const std::size_t size = received.payload.size();
  if (size != again.size()) {
    refuse_payload(received, std::to_string(size) + " bytes for what takes " +
                                 std::to_string(again.size()) +
                                 (size > again.size() ? ": bytes left over" : ": bytes missing"));
  }
  if (!std::ranges::equal(received.payload, again)) {
    refuse_payload(received, "rewards in another way than they are written");
  }
  return {delta, bits};
}

}  // namespace tacit
