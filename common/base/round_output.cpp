#include "common/base/round_output.h"

#include <algorithm>

#include "common/base/check.h"

namespace tacit {

void RoundOutput::send_all(std::span<const std::byte> payload) {
  all_offset_ = static_cast<std::uint32_t>(bytes_.size());
  all_size_ = static_cast<std::uint32_t>(payload.size());
  bytes_.insert(bytes_.end(), payload.begin(), payload.end());
}

void RoundOutput::send(ProcessId to, std::span<const std::byte> payload) {
  TACIT_CHECK(pieces_.empty() || pieces_.back().to < to, "payloads are given in ascending order");
  pieces_.push_back(
      {to, static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(payload.size())});
  bytes_.insert(bytes_.end(), payload.begin(), payload.end());
}

std::span<const std::byte> RoundOutput::payload_for(ProcessId to) const {
  if (!pieces_.empty()) {
    const auto piece = std::lower_bound(
        pieces_.begin(), pieces_.end(), to,
        [](const Piece& candidate, ProcessId wanted) { return candidate.to < wanted; });
    if (piece != pieces_.end() && piece->to == to) {
      return {bytes_.data() + piece->offset, piece->size};
    }
  }
  return {bytes_.data() + all_offset_, all_size_};
}

void RoundOutput::clear() {
  bytes_.clear();
  pieces_.clear();
  all_offset_ = 0;
  all_size_ = 0;
  row_.clear();
  pose_ = {};
  source_ = nullptr;
}

}  // namespace tacit
