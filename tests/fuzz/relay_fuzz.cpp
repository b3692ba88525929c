// Goal: whatever bytes a neighbour sends as relayed states are refused, or leave finite numbers
// that can be relayed on and saved. Method: three bytes choose the hops, the columns and whether
// states are late; the rest is one message.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "agent/systems/locomotion/state_relay.h"
#include "common/base/check.h"
#include "common/base/error.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tacit;
  if (size < 3) return 0;
  const std::size_t columns = 1 + data[1] % 3;
  StateRelay relay({process_id(1),
                    {process_id(0), process_id(2)},
                    {1, 2, 1, 3},
                    data[0] % std::size_t{4},
                    data[2] % 2 == 1});
  const std::vector<float> own(2 * columns, 1.0F);
  relay.begin(columns, own);
  try {
    relay.hear({process_id(2), 0, std::as_bytes(std::span(data + 3, size - 3))});
  } catch (const InputError&) {
    return 0;
  }
  for (std::size_t agent = 0; agent < 4; ++agent) {
    for (const float number : relay.block(process_id(agent))) {
      TACIT_CHECK(std::isfinite(number), "only finite numbers are kept");
    }
  }
  RoundOutput output;
  relay.send(output);
  CheckpointWriter writer;
  relay.save(writer);
  return 0;
}
