#include "common/experiment/catalog.h"

#include <algorithm>

#include "common/base/check.h"
#include "common/results/run_quantities.h"

namespace tacit {

const SystemEntry& find_system(Catalog catalog, std::string_view name) {
  const auto entry = std::ranges::find(catalog, name, &SystemEntry::name);
  TACIT_CHECK(entry != catalog.end(), "the name of a system was checked against the catalog");
  return *entry;
}

std::vector<Quantity> quantities_of(Catalog catalog, std::string_view system) {
  const std::span<const Quantity> own = find_system(catalog, system).quantities();
  std::vector<Quantity> all(own.begin(), own.end());
  all.insert(all.end(), run_quantities().begin(), run_quantities().end());
  return all;
}

}  // namespace tacit
