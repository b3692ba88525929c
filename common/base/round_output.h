#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "common/base/geometry.h"
#include "common/base/ids.h"

namespace tacit {

/// One named number of a metrics row. The name outlives the run (a string literal).
struct Sample {
  std::string_view name;
  double value;
};

/// Composes a payload once its receiver is known.
class PayloadSource {
 public:
  /// @return valid until the next call, or the machine's next round
  virtual std::span<const std::byte> payload_for(ProcessId to) = 0;

 protected:
  ~PayloadSource() = default;
};

/// The output of a machine in one round: payloads, at most one row of metrics, and its position, if
/// links depend on it. Cleared and reused by the caller; a payload of up to 56 bytes costs no
/// allocation.
class RoundOutput {
 public:
  /// Sends the same payload on every arc of this round that has none of its own.
  void send_all(std::span<const std::byte> payload);

  /// Sends a payload on one arc. Calls must come in ascending order of `to`.
  void send(ProcessId to, std::span<const std::byte> payload);

  /// Sends a payload from `source` on every arc of this round that has none of its own. The engine
  /// calls payload_for() before the machine's next round, at least for the processes that will hear
  /// the frame; a call left out must change nothing but a payload that is never heard.
  void send_on_demand(PayloadSource& source) { source_ = &source; }

  /// Records this round's row of metrics.csv. Every row of a machine has the same names in the same
  /// order.
  void record(std::initializer_list<Sample> row) { row_.assign(row.begin(), row.end()); }

  /// Sets the position of the process in this round, m, finite; the origin by default. For links
  /// only: no machine sees another machine's pose.
  void set_pose(Point pose) { pose_ = pose; }

  std::span<const std::byte> payload_for(ProcessId to) const;
  std::span<const Sample> row() const { return {row_.data(), row_.size()}; }
  Point pose() const { return pose_; }
  PayloadSource* source() const { return source_; }
  void clear();

 private:
  struct Piece {
    ProcessId to;
    std::uint32_t offset;
    std::uint32_t size;
  };

  boost::container::small_vector<std::byte, 56> bytes_;
  boost::container::small_vector<Piece, 2> pieces_;
  std::uint32_t all_offset_ = 0;
  std::uint32_t all_size_ = 0;
  std::vector<Sample> row_;
  Point pose_;
  PayloadSource* source_ = nullptr;
};

}  // namespace tacit
