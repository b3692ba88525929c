#include "common/process/process_memory.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <string>

#include "common/base/checkpoint.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/artifact.h"
#include "common/results/files.h"
#include "common/results/kept_twice.h"

namespace tacit {
namespace {

constexpr const char* kCountFile = "incarnation";

template <typename Number>
std::optional<Number> number_of(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

ProcessMemory::ProcessMemory(std::filesystem::path folder, std::string owner,
                             std::vector<std::filesystem::path> metrics)
    : folder_(std::move(folder)),
      owner_(std::move(owner)),
      metrics_(std::move(metrics)),
      files_{HeldFile(path_of(0)), HeldFile(path_of(1))} {
  const auto count = folder_ / kCountFile;
  for (const auto& path : {path_of(0), path_of(1), count, copy_of(count)}) {
    const auto found = read_if_whole(path);
    if (!found || found->made_from == owner_) continue;
    throw InputError(ExitCode::mismatch,
                     path.string() + " is of " + found->made_from + ", but this process is " +
                         owner_ + ": put the folders back where they belong, or use a new one");
  }
}

std::uint32_t ProcessMemory::next_incarnation() {
  const auto path = folder_ / kCountFile;
  std::uint32_t incarnation = 0;
  if (const auto last = read_twice(path)) {
    const auto count = number_of<std::uint32_t>(last->artifact.record);
    if (!count) {
      throw InputError(ExitCode::run_folder, path.string() + ": not a number: use a new folder");
    }
    incarnation = *count + 1;
  }
  write_twice(path, {"incarnation", hash_text(owner_), owner_, std::to_string(incarnation), {}});
  return incarnation;
}

std::filesystem::path ProcessMemory::path_of(std::uint64_t number) const {
  return folder_ / (number % 2 == 0 ? "checkpoint-0" : "checkpoint-1");
}

std::vector<std::byte> ProcessMemory::encode(const Checkpoint& checkpoint) const {
  CheckpointWriter writer;
  writer.values(checkpoint.metrics);
  writer.values(checkpoint.node);
  const auto content = writer.bytes();
  return encode_artifact(
      {"checkpoint", run_, owner_, std::to_string(number_ + 1), {content.begin(), content.end()}});
}

void ProcessMemory::save(const Checkpoint& checkpoint) {
  const auto bytes = encode(checkpoint);
  files_[(number_ + 1) % 2].overwrite_durably(as_text(bytes));
  ++number_;
}

void ProcessMemory::tear(const Checkpoint& checkpoint) {
  const auto bytes = encode(checkpoint);
  files_[(number_ + 1) % 2].overwrite_durably(as_text(std::span(bytes).first(bytes.size() / 2)));
}

/// @return nothing if it is of another run
/// @throws InputError if it is damaged
std::optional<ProcessMemory::Numbered> ProcessMemory::read(
    const std::filesystem::path& path) const {
  const std::string text = read_text(path);
  const Artifact artifact = decode_artifact(std::as_bytes(std::span(text)), path.string());
  const auto number = number_of<std::uint64_t>(artifact.record);
  if (artifact.key != run_ || !number) return std::nullopt;
  CheckpointReader reader(artifact.content);
  Numbered found{*number, {}};
  reader.values(found.checkpoint.metrics);
  reader.values(found.checkpoint.node);
  if (found.checkpoint.metrics.size() != metrics_.size()) {
    throw InputError(ExitCode::run_folder, path.string() + ": of other processes");
  }
  return found;
}

void ProcessMemory::check_metrics(const Checkpoint& checkpoint) const {
  for (std::size_t i = 0; i < metrics_.size(); ++i) {
    check_begins_with(metrics_[i], checkpoint.metrics[i]);
  }
}

std::optional<ProcessMemory::Checkpoint> ProcessMemory::load(std::uint64_t run) {
  run_ = run;
  number_ = 0;
  std::vector<std::string> refused;
  const auto refuse = [&](const InputError& error) {
    refused.emplace_back(error.what());
    spdlog::warn("{}; the checkpoint before it is used, if there is one", error.what());
  };
  std::vector<Numbered> whole;
  for (const std::uint64_t slot : {0, 1}) {
    std::error_code ignored;
    if (!std::filesystem::exists(path_of(slot), ignored)) continue;
    try {
      if (auto found = read(path_of(slot))) whole.push_back(std::move(*found));
    } catch (const InputError& error) {
      refuse(error);
    }
  }
  std::ranges::sort(whole, std::greater{}, &Numbered::number);
  for (Numbered& found : whole) {
    try {
      check_metrics(found.checkpoint);
    } catch (const InputError& error) {
      refuse(error);
      continue;
    }
    number_ = found.number;
    make_durable(path_of(number_));  // its writer may have been killed before the flush
    return std::move(found.checkpoint);
  }
  // After one checkpoint peers still keep all frames since the start; after two they do not.
  if (refused.size() == 2) {
    throw InputError(ExitCode::run_folder, folder_.string() + ": neither checkpoint can be used (" +
                                               refused[0] + "; " + refused[1] +
                                               "): start the run again");
  }
  for (const std::uint64_t slot : {0, 1}) {  // of another run, or torn: not usable
    std::error_code ignored;
    std::filesystem::remove(path_of(slot), ignored);
  }
  return std::nullopt;
}

}  // namespace tacit
