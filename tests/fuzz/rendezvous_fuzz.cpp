// Goal: no record in the folder where processes meet makes its reader crash, hang or leak; what it
// reads survives being written. Method: one byte chooses whose record is looked for.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/rendezvous/folder_rendezvous.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tacit;
  if (size == 0) return 0;
  const ProcessId id = process_id(data[0] % 4U);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const Registration read = parse_record(text, id, "fuzz.json");
    const Registration again = parse_record(record_text(read), id, "written");
    TACIT_CHECK(again.greeting == read.greeting && again.run == read.run,
                "a record survives being written and read");
  } catch (const InputError&) {
  }
  return 0;
}
