#include "agent/systems/offload/price_table.h"

#include <algorithm>

namespace tacit::offload {

PriceTable::PriceTable(const Congestion& congestion)
    : congestion_(congestion),
      interpolates_(congestion.model() == CongestionModel::variance_aware &&
                    congestion.alpha() != 1.0 && congestion.alpha() != 2.0) {}

double PriceTable::price(double others) {
  if (!interpolates_) return congestion_.price(others);
  const auto [left, right, t] = piece(others);
  const double rise = right.price - left.price;
  const double bend = left.slope + right.slope - 2.0 * rise;
  return left.price + t * (left.slope + t * (rise - left.slope - bend + t * bend));
}

double PriceTable::slope(double others) {
  if (!interpolates_) return congestion_.slope(others);
  const auto [left, right, t] = piece(others);
  const double rise = right.price - left.price;
  const double bend = left.slope + right.slope - 2.0 * rise;
  return kNodesPerUnit * (left.slope + t * (2.0 * (rise - left.slope - bend) + 3.0 * t * bend));
}

PriceTable::Piece PriceTable::piece(double others) {
  const double place = std::max(0.0, others) * kNodesPerUnit;
  const auto index = static_cast<std::size_t>(place);
  const Node right = node(index + 1);  // Copied: making a node may move other nodes.
  return {node(index), right, place - static_cast<double>(index)};
}

const PriceTable::Node& PriceTable::node(std::size_t index) {
  if (index >= nodes_.size()) nodes_.resize(index + 1);
  Node& node = nodes_[index];
  if (node.price < 0.0) {
    const double others = static_cast<double>(index) / kNodesPerUnit;
    node = {congestion_.price(others), congestion_.slope(others) / kNodesPerUnit};
  }
  return node;
}

}  // namespace tacit::offload
