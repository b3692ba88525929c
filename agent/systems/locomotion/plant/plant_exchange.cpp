#include "agent/systems/locomotion/plant/plant_exchange.h"

#include <cmath>
#include <cstring>
#include <string>

#include "common/protocol/peer_payload.h"

namespace tacit {

namespace {

void append(std::span<const std::byte> bytes, std::vector<std::byte>& frame) {
  frame.insert(frame.end(), bytes.begin(), bytes.end());
}

std::span<const float> block_of(const std::vector<float>& values, std::size_t copy,
                                std::size_t size) {
  return std::span(values).subspan(copy * size, size);
}

// Takes values off the front of a payload whose size was checked.
void take(std::span<const std::byte>& rest, std::span<float> values, float most,
          const Received& received) {
  std::memcpy(values.data(), rest.data(), values.size_bytes());
  rest = rest.subspan(values.size_bytes());
  for (const float value : values) {
    // Written so that NaN, which compares false with everything, is refused too.
    if (!(std::abs(value) <= most)) refuse_payload(received, "a number that is too large, or none");
  }
}

void check_size(const Received& received, std::size_t size, const char* what) {
  if (received.payload.size() == size) return;
  refuse_payload(received, std::string(what) + " has " + std::to_string(received.payload.size()) +
                               " bytes, expected " + std::to_string(size));
}

}  // namespace

void save_report(const PlantReport& report, CheckpointWriter& writer) {
  writer.values(report.observation);
  writer.values(report.reward);
  writer.values(report.cost);
  writer.values(report.end);
  writer.values(report.last_observation);
}

void restore_report(CheckpointReader& reader, PlantReport& report) {
  reader.values(report.observation);
  reader.values(report.reward);
  reader.values(report.cost);
  reader.values(report.end);
  reader.values(report.last_observation);
}

std::vector<std::size_t> truncated_copies(const PlantReport& report) {
  std::vector<std::size_t> copies;
  for (std::size_t copy = 0; copy < report.end.size(); ++copy) {
    if (report.end[copy] == EpisodeEnd::truncated) copies.push_back(copy);
  }
  return copies;
}

std::vector<float> told_block(const PlantReport& report, std::size_t told_count) {
  const std::size_t copies = report.end.size();
  const std::size_t size = report.observation.size() / copies;
  std::vector<float> block;
  const auto append = [&](const std::vector<float>& from, std::size_t copy) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(copy * size);
    block.insert(block.end(), begin, begin + static_cast<std::ptrdiff_t>(told_count));
  };
  for (std::size_t copy = 0; copy < copies; ++copy) append(report.observation, copy);
  for (const std::size_t copy : truncated_copies(report)) append(report.last_observation, copy);
  return block;
}

PlantReport make_report(std::size_t copy_count, std::size_t observation_count) {
  PlantReport report;
  report.observation.resize(copy_count * observation_count);
  report.reward.resize(copy_count);
  report.cost.resize(copy_count);
  report.end.resize(copy_count);
  report.last_observation.resize(copy_count * observation_count);
  return report;
}

std::vector<std::byte> pack_report(const PlantReport& report) {
  const std::size_t copy_count = report.end.size();
  const std::size_t observation_count = report.observation.size() / copy_count;
  std::vector<std::byte> frame;
  frame.reserve(sizeof(float) * (report.observation.size() + 2 * copy_count) + copy_count);
  append(std::as_bytes(std::span(report.observation)), frame);
  append(std::as_bytes(std::span(report.reward)), frame);
  append(std::as_bytes(std::span(report.cost)), frame);
  append(std::as_bytes(std::span(report.end)), frame);
  for (std::size_t copy = 0; copy < copy_count; ++copy) {
    if (report.end[copy] == EpisodeEnd::none) continue;
    append(std::as_bytes(block_of(report.last_observation, copy, observation_count)), frame);
  }
  return frame;
}

void read_report(const Received& received, PlantReport& report) {
  const std::size_t copy_count = report.end.size();
  const std::size_t observation_count = report.observation.size() / copy_count;
  const std::size_t numbers = sizeof(float) * (report.observation.size() + 2 * copy_count);
  const std::size_t head = numbers + copy_count;
  if (received.payload.size() < head) check_size(received, head, "a report of the plant");
  std::memcpy(report.end.data(), received.payload.data() + numbers, copy_count);
  std::size_t end_count = 0;
  for (const EpisodeEnd end : report.end) {
    if (end > EpisodeEnd::truncated) refuse_payload(received, "an unknown end of an episode");
    end_count += end != EpisodeEnd::none;
  }
  check_size(received, head + sizeof(float) * end_count * observation_count,
             "a report of the plant");
  std::span<const std::byte> rest = received.payload;
  take_states(rest, report.observation, received);
  take_states(rest, report.reward, received);
  take_states(rest, report.cost, received);
  rest = rest.subspan(copy_count);
  for (std::size_t copy = 0; copy < copy_count; ++copy) {
    if (report.end[copy] == EpisodeEnd::none) continue;
    const std::span all(report.last_observation);
    take_states(rest, all.subspan(copy * observation_count, observation_count), received);
  }
}

void take_states(std::span<const std::byte>& rest, std::span<float> values,
                 const Received& received) {
  take(rest, values, kStateMost, received);
}

std::span<const std::byte> pack_actions(std::span<const float> actions) {
  return std::as_bytes(actions);
}

void read_actions(const Received& received, std::span<float> actions) {
  check_size(received, actions.size_bytes(), "a frame of actions");
  std::span<const std::byte> rest = received.payload;
  take(rest, actions, kActionMost, received);
}

}  // namespace tacit
