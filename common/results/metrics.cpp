#include "common/results/metrics.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/results/csv.h"
#include "common/results/files.h"

namespace tacit {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
  throw InputError(ExitCode::run_folder,
                   file.string() + ": is not what the checkpoint goes on from (" + reason + ")");
}

/// The hash of the first `size` bytes.
RunningHash hash_of_beginning(const std::filesystem::path& path, std::uint64_t size) {
  RunningHash hash;
  if (size == 0) return hash;
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse(path, reason_of_errno());
  std::string block(kBufferBytes, '\0');
  while (size > 0) {
    const std::uint64_t wanted = std::min<std::uint64_t>(size, block.size());
    file.read(block.data(), static_cast<std::streamsize>(wanted));
    if (!file) refuse(path, "it is shorter than it was");
    hash.add(std::string_view(block).substr(0, wanted));
    size -= wanted;
  }
  return hash;
}

}  // namespace

void check_begins_with(const std::filesystem::path& file, const MetricsMark& mark) {
  if (hash_of_beginning(file, mark.size).value() != mark.hash) refuse(file, "it was changed");
}

void MetricsWriter::go_on_after(std::uint64_t size) {
  hash_ = hash_of_beginning(path_, size);
  std::error_code error;
  if (size > 0) std::filesystem::resize_file(path_, size, error);
  if (error) refuse(path_, error.message());
  written_ = size;
}

void MetricsWriter::begin(std::span<const Sample> row) {
  std::string header = "round";
  for (const Sample& sample : row) {
    TACIT_CHECK(sample.name.find_first_of(",\n\"") == std::string_view::npos,
                "a metric's name is one unquoted CSV field");
    names_.emplace_back(sample.name);
    header.append(",").append(sample.name);
  }
  if (written_ == 0) buffer_ = header + '\n';
  if (held_) held_->hold();
}

void MetricsWriter::append(Round round, std::span<const Sample> row) {
  if (row.empty()) return;
  if (names_.empty()) begin(row);
  TACIT_CHECK(row.size() == names_.size(), "every row of a machine has the same names");
  append_number(buffer_, round);
  for (std::size_t column = 0; column < row.size(); ++column) {
    TACIT_CHECK(row[column].name == names_[column], "every row of a machine has the same names");
    buffer_ += ',';
    append_number(buffer_, row[column].value);
  }
  buffer_ += '\n';
  if (buffer_.size() >= kBufferBytes) flush();
}

MetricsMark MetricsWriter::flush() {
  if (buffer_.empty()) return {written_, hash_.value()};
  if (held_) {
    held_->go_on_from(written_, buffer_);
  } else {
    std::ofstream file(path_, written_ == 0 ? std::ios::binary : std::ios::binary | std::ios::app);
    file << buffer_ << std::flush;
    if (!file) fail_write(path_, reason_of_errno());
  }
  written_ += buffer_.size();
  hash_.add(buffer_);
  buffer_.clear();
  return {written_, hash_.value()};
}

MetricsMark MetricsWriter::flush_durably() {
  const MetricsMark mark = flush();
  if (durable_ == 0 && written_ > 0) {
    make_durable(path_);
  } else if (durable_ < written_ && held_) {
    held_->make_content_durable();
  } else if (durable_ < written_) {
    make_content_durable(path_);
  }
  durable_ = written_;
  return mark;
}

MetricTable read_metrics(const std::filesystem::path& file) {
  MetricTable table;
  std::error_code error;
  if (!std::filesystem::exists(file, error) && !error) return table;
  const std::string text = read_text(file);
  CsvLines lines(file, text);
  std::string_view line;
  if (!lines.next(line)) return table;
  const auto header = split_fields(line);
  if (header.front() != "round") lines.fail("the first column must be 'round'");
  table.columns.assign(header.begin() + 1, header.end());
  while (lines.next(line)) {
    const auto fields = split_fields(line);
    if (fields.size() != header.size()) {
      lines.fail("has " + std::to_string(fields.size()) + " fields, the header has " +
                 std::to_string(header.size()));
    }
    table.rounds.push_back(lines.integer(fields.front()));
    std::vector<double>& row = table.rows.emplace_back();
    row.reserve(fields.size() - 1);
    for (std::size_t k = 1; k < fields.size(); ++k) row.push_back(lines.number(fields[k]));
  }
  return table;
}

}  // namespace tacit
