#pragma once

#include <vector>

#include "agent/systems/offload/congestion.h"

namespace tacit::offload {

/// Congestion::price and its slope, for a search that evaluates them very often. Where the model
/// has no short formula (a Poisson expectation, smooth in the other agents' budget) both come from
/// cubic Hermite pieces of width 1/64 with exact nodes, made when first needed; error below 1e-9
/// relative for alpha <= 3. Elsewhere they are exact.
class PriceTable {
 public:
  explicit PriceTable(const Congestion& congestion);

  double price(double others);
  double slope(double others);

 private:
  static constexpr double kNodesPerUnit = 64.0;
  struct Node {
    double price = -1.0;  ///< < 0: not made yet
    double slope = 0.0;   ///< per node distance
  };
  struct Piece {
    Node left, right;
    double t;  ///< place between the nodes, 0..1
  };
  Piece piece(double others);
  const Node& node(std::size_t index);

  Congestion congestion_;
  bool interpolates_;
  std::vector<Node> nodes_;
};

}  // namespace tacit::offload
