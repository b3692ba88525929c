// Goal: whatever bytes a peer sends as a plant's report or as an agent's actions are refused, or
// are numbers that can be used, and then they are the bytes that would be sent for them.
// Method: two bytes choose the copies and the size of the observation; the rest is the payload.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/systems/locomotion/plant/plant_exchange.h"
#include "common/base/check.h"
#include "common/base/error.h"

namespace tacit {
namespace {

void check_finite(std::span<const float> numbers) {
  for (const float number : numbers) TACIT_CHECK(std::isfinite(number), "only finite numbers");
}

void read_as_report(const Received& received, std::size_t copy_count, std::size_t size) {
  PlantReport report = make_report(copy_count, size);
  try {
    read_report(received, report);
  } catch (const InputError&) {
    return;
  }
  check_finite(report.observation);
  check_finite(report.reward);
  check_finite(report.cost);
  check_finite(report.last_observation);
  TACIT_CHECK(std::ranges::equal(pack_report(report), received.payload), "the bytes of a report");
}

void read_as_actions(const Received& received, std::size_t count) {
  std::vector<float> actions(count);
  try {
    read_actions(received, actions);
  } catch (const InputError&) {
    return;
  }
  for (const float action : actions) {
    TACIT_CHECK(std::abs(action) <= kActionMost, "only bounded actions");
  }
  TACIT_CHECK(std::ranges::equal(pack_actions(actions), received.payload), "the bytes of actions");
}

}  // namespace
}  // namespace tacit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t copy_count = 1 + data[0] % 4, number_count = 1 + data[1] % 4;
  const tacit::Received received{tacit::process_id(1), 0,
                                 std::as_bytes(std::span(data + 2, size - 2))};
  tacit::read_as_report(received, copy_count, number_count);
  tacit::read_as_actions(received, copy_count * number_count);
  return 0;
}
