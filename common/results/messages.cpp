#include "common/results/messages.h"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>

#include "common/results/csv.h"
#include "common/results/files.h"
#include "common/results/run_quantities.h"

namespace tacit {
namespace {

constexpr std::size_t kColumnCount = 7;

auto order_of(const MessageRow& row) { return std::tuple(row.from, row.to, row.kind); }

ProcessId process_field(const CsvLines& lines, std::string_view field) {
  const std::int64_t value = lines.integer(field);
  if (value < 0 || value > std::numeric_limits<std::uint32_t>::max()) {
    lines.fail("'" + std::string(field) + "' is not a process id");
  }
  return process_id(static_cast<std::size_t>(value));
}

std::uint64_t count_field(const CsvLines& lines, std::string_view field) {
  const std::int64_t value = lines.integer(field);
  if (value < 0) lines.fail("'" + std::string(field) + "' is negative");
  return static_cast<std::uint64_t>(value);
}

MessageKind kind_field(const CsvLines& lines, std::string_view field) {
  if (field == "data") return MessageKind::data;
  if (field == "control") return MessageKind::control;
  lines.fail("'" + std::string(field) + "' is neither 'data' nor 'control'");
}

}  // namespace

MessageCount total_of(std::span<const MessageRow> rows) {
  MessageCount total;
  for (const MessageRow& row : rows) {
    if (row.kind == MessageKind::data) {
      total += row.total;
    } else {
      total.emulation_bytes += row.total.emulation_bytes;
    }
  }
  return total;
}

void write_messages(const std::filesystem::path& file, std::span<const MessageRow> rows,
                    const AgentNames& names) {
  const bool named = names && !names->empty();
  std::string text = csv_header(Where::message_row, named);
  text += '\n';
  for (const MessageRow& row : rows) {
    text += to_string(row.from) + ',' + to_string(row.to) + ',';
    text += row.kind == MessageKind::data ? "data" : "control";
    for (const std::uint64_t value : {row.total.count, row.total.payload_bits,
                                      row.total.frame_bytes, row.total.emulation_bytes}) {
      text += ',' + std::to_string(value);
    }
    if (named) {
      text += ',' + quoted_field(agent_name(row.from, names)) + ',';
      text += quoted_field(agent_name(row.to, names));
    }
    text += '\n';
  }
  write_atomically(file, text);
}

std::vector<MessageRow> read_messages(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  CsvLines lines(file, text);
  const bool named = lines.expect_header_and_more(csv_header(Where::message_row));
  std::vector<MessageRow> rows;
  std::string_view line;
  while (lines.next(line)) {
    const auto fields = lines.fields(line, kColumnCount, named);
    rows.push_back({process_field(lines, fields[0]),
                    process_field(lines, fields[1]),
                    kind_field(lines, fields[2]),
                    {count_field(lines, fields[3]), count_field(lines, fields[4]),
                     count_field(lines, fields[5]), count_field(lines, fields[6])}});
  }
  return rows;
}

std::vector<MessageRow> merge_messages(std::vector<MessageRow> rows) {
  std::ranges::sort(rows, {}, order_of);
  std::vector<MessageRow> merged;
  for (const MessageRow& row : rows) {
    if (!merged.empty() && order_of(merged.back()) == order_of(row)) {
      merged.back().total += row.total;
    } else {
      merged.push_back(row);
    }
  }
  return merged;
}

}  // namespace tacit
