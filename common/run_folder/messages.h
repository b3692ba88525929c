#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "common/base/ids.h"

namespace tacit {

/// data: what machines exchange. control: HELLO, ACK, DONE, which a real radio link would not have.
enum class MessageKind : std::uint8_t { data, control };

/// What went over one arc. frame_bytes + emulation_bytes is all that was on the wire.
struct MessageCount {
  std::uint64_t count = 0;
  std::uint64_t payload_bits = 0;     ///< what the machines said
  std::uint64_t frame_bytes = 0;      ///< frames of data, payload included, emulation not
  std::uint64_t emulation_bytes = 0;  ///< what only the emulation needs: control frames, poses
  MessageCount& operator+=(const MessageCount& other);
  bool operator==(const MessageCount&) const = default;
};

struct MessageRow {
  ProcessId from;
  ProcessId to;
  MessageKind kind;
  MessageCount total;
  bool operator==(const MessageRow&) const = default;
};

/// The frames one process sent, by receiver. Made for a caller that sends round after round to the
/// same peers in ascending order: then no search takes place.
class MessageAccount {
 public:
  explicit MessageAccount(ProcessId from) : from_(from) {}

  /// @param frame_bytes      the frame without what is counted as emulation
  /// @param emulation_bytes  of the same frame, such as the sender's pose
  void add_data(ProcessId to, std::uint64_t payload_bytes, std::uint64_t frame_bytes,
                std::uint64_t emulation_bytes = 0) {
    if (next_ >= data_.size() || data_[next_].to != to) next_ = find(data_, to);
    MessageCount& total = data_[next_].total;
    ++total.count;
    total.payload_bits += 8 * payload_bytes;
    total.frame_bytes += frame_bytes;
    total.emulation_bytes += emulation_bytes;
    if (++next_ == data_.size()) next_ = 0;
  }

  /// A control frame is emulation as a whole.
  void add_control(ProcessId to, std::uint64_t bytes);

  ProcessId from() const { return from_; }

  /// By ascending receiver, data before control.
  std::vector<MessageRow> rows() const;

 private:
  struct Peer {
    ProcessId to;
    MessageCount total;
  };
  /// The place of `to`, made if it is new.
  static std::size_t find(std::vector<Peer>& peers, ProcessId to);

  ProcessId from_;
  std::size_t next_ = 0;  ///< the peer expected by the next add_data
  std::vector<Peer> data_;
  std::vector<Peer> control_;
};

/// The sum over all arcs: count, payload_bits and frame_bytes of data; emulation_bytes of both
/// kinds. So the first three are the same in every back end, and only the last is not.
MessageCount total_of(std::span<const MessageRow> rows);

/// Columns: from,to,kind,count,payload_bits,frame_bytes,emulation_bytes.
/// @throws InputError (run_folder)
void write_messages(const std::filesystem::path& file, std::span<const MessageRow> rows);

/// @throws InputError: unreadable_input, or bad_data with file and line.
std::vector<MessageRow> read_messages(const std::filesystem::path& file);

/// Rows of several processes as one ascending list; rows of the same arc and kind are added.
std::vector<MessageRow> merge_messages(std::vector<MessageRow> rows);

}  // namespace tacit
