#include "common/link/random_links.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

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

GilbertElliottLinks::GilbertElliottLinks(const Config& config) : config_(config) {
  for (const auto& [value, name] : {std::pair(config.fail_probability, "fail_probability"),
                                    std::pair(config.recover_probability, "recover_probability")}) {
    if (!(value >= kLeast && value <= kMost)) {
      throw std::invalid_argument(std::string("GilbertElliottLinks: ") + name +
                                  " must lie in [0.001, 0.999]");
    }
  }
}

bool GilbertElliottLinks::sends(Edge edge, Round round) const {
  if (!config_.one_way && edge.to < edge.from) std::swap(edge.from, edge.to);
  const auto below = [&](double probability, Round at) {
    return coin(config_.seed, purpose("link.gilbert_elliott"), edge, at, probability);
  };
  const double down_after_up = config_.fail_probability;
  const double down_after_down = 1 - config_.recover_probability;
  bool flipped = false;  // between the round looked at and `round`
  for (Round at = round; at > 0; --at) {
    if (below(std::min(down_after_up, down_after_down), at)) return flipped;
    if (!below(std::max(down_after_up, down_after_down), at)) return !flipped;
    // The state before stays, or turns into the other.
    if (down_after_up > down_after_down) flipped = !flipped;
  }
  return below(up_probability(config_), 0) != flipped;
}

}  // namespace tacit
