// Goal: no document makes the configuration crash, hang or leak; it is read or refused with an
// InputError. What is read must survive being written: the effective configuration loads again,
// as the same configuration.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "common/base/check.h"
#include "common/base/error.h"
#include "common/config/config.h"

namespace tacit {
namespace {

/// @return the numbers, which must not change in the last bit
std::vector<double> read_every_kind(const ConfigDocument& config) {
  const ConfigView root = config.root();
  root.text("name", "run", Relevance::operational);
  const ConfigView run = root.table("run");
  run.integer("agents", 1, {1, 100000});
  std::vector<double> numbers = run.numbers("sizes", {1, 2});
  numbers.push_back(run.number("rate", 0.5, {0, 1}));
  numbers.push_back(run.number("free", 0));
  run.flag("quick", false);
  run.choice("kind", "ring", {"ring", "line"});
  run.integers("wholes", {});
  run.texts("words", {"a"});
  run.integer_lists("edges");
  const ConfigView links = root.table("links");
  if (links.has("coordinator")) links.table("coordinator").number("up_probability", 1, {0, 1});
  for (const ConfigView& outage : links.tables("outages")) {
    outage.integer("from", 0, {0});
    outage.table("who").integers("link", {});
  }
  config.reject_unknown_keys();
  return numbers;
}

/// The text up to the first '|' is the file, the rest the overrides.
void read_input(std::string_view input) {
  std::vector<std::string> overrides;
  std::size_t bar = input.find('|');
  const std::string_view text = input.substr(0, bar);
  while (bar != std::string_view::npos && overrides.size() < 4) {
    const std::size_t next = input.find('|', bar + 1);
    overrides.emplace_back(input.substr(bar + 1, next == bar ? 0 : next - bar - 1));
    bar = next;
  }
  const ConfigDocument config = ConfigDocument::parse(text, "fuzz.toml", overrides);
  const std::vector<double> numbers = read_every_kind(config);
  const std::string effective = config.effective();
  try {
    const ConfigDocument again = ConfigDocument::parse(effective, "effective.toml", {});
    TACIT_CHECK(read_every_kind(again) == numbers, "numbers are written bit by bit");
    TACIT_CHECK(again.effective() == effective, "an effective configuration is its own");
    TACIT_CHECK(again.hash() == config.hash(), "an effective configuration keeps the hash");
  } catch (const InputError& error) {
    check_failed(error.what(), __FILE__, __LINE__, "the effective configuration must load");
  }
}

}  // namespace
}  // namespace tacit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    tacit::read_input({reinterpret_cast<const char*>(data), size});
  } catch (const tacit::InputError&) {
  }
  return 0;
}
