#include "agent/systems/patrol/assignment.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace tacit::patrol {
namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

std::vector<std::size_t> largest(std::span<const double> lambda, std::size_t count) {
  std::vector<std::size_t> zones(lambda.size());
  std::iota(zones.begin(), zones.end(), std::size_t{0});
  std::ranges::stable_sort(zones, std::ranges::greater{},
                           [&](std::size_t zone) { return lambda[zone]; });
  zones.resize(count);
  return zones;
}

std::size_t nearest(const Lattice& lattice, Place place) {
  std::size_t best = 0;
  for (std::size_t m = 1; m < lattice.zone_count(); ++m) {
    if (lattice.way_m(place, m) < lattice.way_m(place, best)) best = m;
  }
  return best;
}

}  // namespace

std::vector<std::size_t> assign_zones(const Lattice& lattice, std::span<const Place> places,
                                      std::span<const double> lambda) {
  const std::size_t count = std::min(places.size(), lambda.size());
  const std::vector<std::size_t> zones = largest(lambda, count);
  const std::size_t sets = std::size_t{1} << count;
  // ways[n][set]: the least total way of robots 0..n-1 to the zones of a set.
  std::vector<std::vector<double>> ways(places.size() + 1, std::vector<double>(sets, kNever));
  ways[0][0] = 0;
  const auto way_with = [&](std::size_t n, std::size_t set, std::size_t z) {
    return ways[n][set & ~(std::size_t{1} << z)] + lattice.way_m(places[n], zones[z]);
  };
  for (std::size_t n = 0; n < places.size(); ++n) {
    for (std::size_t set = 0; set < sets; ++set) {
      ways[n + 1][set] = ways[n][set];
      for (std::size_t z = 0; z < count; ++z) {
        if ((set >> z & 1) != 0) ways[n + 1][set] = std::min(ways[n + 1][set], way_with(n, set, z));
      }
    }
  }
  std::vector<std::size_t> assigned(places.size());
  std::size_t set = sets - 1;
  for (std::size_t n = places.size(); n-- > 0;) {
    assigned[n] = nearest(lattice, places[n]);
    for (std::size_t z = 0; z < count; ++z) {
      if ((set >> z & 1) == 0 || ways[n + 1][set] != way_with(n, set, z)) continue;
      assigned[n] = zones[z];
      set &= ~(std::size_t{1} << z);
      break;
    }
  }
  return assigned;
}

}  // namespace tacit::patrol
