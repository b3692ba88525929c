#include "common/round/resend_buffer.h"

#include <algorithm>
#include <vector>

#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {

void ResendBuffer::push(Round round, std::span<const std::byte> bytes) {
  TACIT_CHECK(has_room(), "a sender waits when a peer falls behind");
  keep(round, bytes);
}

void ResendBuffer::push_over(Round round, std::span<const std::byte> bytes) {
  if (kept_.size() - next_ >= kFrameWindow) forget(next_);
  if (kept_.size() >= kResendMost) forget(0);
  keep(round, bytes);
}

void ResendBuffer::keep(Round round, std::span<const std::byte> bytes) {
  TACIT_CHECK(kept_.empty() || kept_.back().round < round, "frames are sent in round order");
  kept_.push_back({round, {bytes.begin(), bytes.end()}});
  consumed(read_);
}

void ResendBuffer::forget(std::size_t index) {
  forgotten_ = std::max(forgotten_, kept_[index].round);
  kept_.erase(kept_.begin() + static_cast<std::ptrdiff_t>(index));
  if (first_unconsumed_ > index) --first_unconsumed_;
  if (next_ > index) --next_;
}

const ResendBuffer::Frame* ResendBuffer::next() const {
  if (next_ >= kept_.size() || next_ >= first_unconsumed_ + kFrameWindow) return nullptr;
  return &kept_[next_];
}

void ResendBuffer::consumed(Round round) {
  read_ = std::max(read_, round);
  while (first_unconsumed_ < kept_.size() && kept_[first_unconsumed_].round <= read_) {
    ++first_unconsumed_;
  }
  next_ = std::max(next_, first_unconsumed_);
}

void ResendBuffer::covered(Round round) {
  consumed(round);
  while (!kept_.empty() && kept_.front().round <= round) {
    covered_ = kept_.front().round;
    kept_.pop_front();
    --first_unconsumed_;
    --next_;
  }
}

void ResendBuffer::rewind(Round round) {
  read_ = -1;
  first_unconsumed_ = 0;
  next_ = 0;
  consumed(round);
}

void ResendBuffer::save(CheckpointWriter& writer) const {
  writer.value(forgotten_);
  writer.value(covered_);
  writer.value(kept_.size());
  for (const Frame& frame : kept_) {
    writer.value(frame.round);
    writer.values(std::vector<std::byte>(frame.bytes.begin(), frame.bytes.end()));
  }
}

void ResendBuffer::restore(CheckpointReader& reader) {
  std::size_t count = 0;
  reader.value(forgotten_);
  reader.value(covered_);
  reader.value(count);
  kept_.clear();
  for (std::size_t k = 0; k < count; ++k) {
    Round round = 0;
    std::vector<std::byte> bytes;
    reader.value(round);
    reader.values(bytes);
    if (k >= kResendMost || round <= newest()) {
      throw InputError(ExitCode::run_folder, "the checkpoint has frames that nobody has sent");
    }
    kept_.push_back({round, {bytes.begin(), bytes.end()}});
  }
  first_unconsumed_ = 0;
  next_ = 0;
}

}  // namespace tacit
