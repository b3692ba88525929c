#include "common/proximity/plan_source.h"

#include "common/base/digest.h"

namespace tacit {
namespace {

constexpr std::size_t kFileSizeMost = 1 << 20;  // bytes

PlanSource plan_of(const std::string& text, const std::string& origin) {
  return {std::make_shared<const FloorPlan>(read_floor_plan(text, origin)), origin,
          hash_text(text)};
}

}  // namespace

PlanSource read_plan(const ConfigView& table) {
  if (!table.has("floor_plan")) return plan_of(default_floor_plan(), "the default floor plan");
  const DataFile file = table.data_file("floor_plan", kFileSizeMost);
  return plan_of(file.text, file.path);
}

}  // namespace tacit
