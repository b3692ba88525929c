#include "common/link/random_links.h"

#include <algorithm>
#include <stdexcept>

#include "common/base/random.h"

namespace tacit {

BernoulliLinks::BernoulliLinks(const Config& config) : config_(config) {
  if (!(config.up_probability >= 0 && config.up_probability <= 1)) {
    throw std::invalid_argument("BernoulliLinks: up_probability must lie in [0, 1]");
  }
}

bool BernoulliLinks::sends(Edge edge, Round round) const {
  if (!config_.one_way && edge.to < edge.from) std::swap(edge.from, edge.to);
  return coin(config_.seed, purpose("link.bernoulli"), edge, round, config_.up_probability);
}

}  // namespace tacit
