// Goal: no file makes the artifact reader crash, hang or leak; what it reads has a harmless name,
// and survives being written.
// Method: the input as it is, and with magic, version and checksum made right around it (a fuzzer
// would not find those).
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "common/base/check.h"
#include "common/base/digest.h"
#include "common/base/error.h"
#include "common/results/artifact.h"

namespace tacit {
namespace {

void try_bytes(std::span<const std::byte> bytes) {
  try {
    const Artifact artifact = decode_artifact(bytes, "fuzz.policy");
    const Artifact again = decode_artifact(encode_artifact(artifact), "written");
    TACIT_CHECK(again.name == artifact.name && again.key == artifact.key &&
                    again.made_from == artifact.made_from && again.record == artifact.record &&
                    again.content == artifact.content,
                "an artifact survives being written and read");
  } catch (const InputError&) {
  }
}

}  // namespace
}  // namespace tacit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = std::as_bytes(std::span(data, size));
  tacit::try_bytes(input);
  constexpr std::string_view head("TACITART\1\0\0\0", 12);
  const auto start = std::as_bytes(std::span(head));
  std::vector<std::byte> file(start.begin(), start.end());
  file.insert(file.end(), input.begin(), input.end());
  const std::uint64_t checksum = tacit::hash_bytes(file);
  const auto tail = std::as_bytes(std::span(&checksum, 1));
  file.insert(file.end(), tail.begin(), tail.end());
  tacit::try_bytes(file);
  return 0;
}
