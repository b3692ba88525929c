#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "common/base/agent_names.h"
#include "common/base/ids.h"
#include "common/base/message_count.h"

namespace tacit {

/// data: payloads of machines. control: HELLO, ACK, DONE, which a real radio link would not have.
enum class MessageKind : std::uint8_t { data, control };

struct MessageRow {
  ProcessId from;
  ProcessId to;
  MessageKind kind;
  MessageCount total;
  bool operator==(const MessageRow&) const = default;
};

/// The sum over all arcs: count, payload_bits and frame_bytes of data; emulation_bytes of both
/// kinds. The first three are the same in every back end, the last is not.
MessageCount total_of(std::span<const MessageRow> rows);

/// @param names  of the agents, if they have any: written to two more columns, which are not read
///               back
/// @throws InputError (run_folder)
void write_messages(const std::filesystem::path& file, std::span<const MessageRow> rows,
                    const AgentNames& names = nullptr);

/// @throws InputError: unreadable_input, or bad_data with file and line.
std::vector<MessageRow> read_messages(const std::filesystem::path& file);

/// Rows of several processes as one ascending list; rows of the same arc and kind are added.
std::vector<MessageRow> merge_messages(std::vector<MessageRow> rows);

}  // namespace tacit
