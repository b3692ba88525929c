#pragma once

#include <Eigen/Core>
#include <cmath>

namespace tacit {

/// tanh for Eigen's unaryExpr. In single precision it is Eigen's rational approximation, of
/// additions, products and one quotient only: the same bits on every processor of this build, one
/// number at a time and in packets. (Eigen's own .tanh() is that, too, but only together with its
/// approximate square roots: EIGEN_FAST_MATH.)
template <typename Scalar>
struct Tanh {
  Scalar operator()(Scalar x) const { return std::tanh(x); }
};

template <>
struct Tanh<float> {
  float operator()(float x) const { return Eigen::internal::generic_fast_tanh_float(x); }
  template <typename Packet>
  Packet packetOp(const Packet& x) const {
    return Eigen::internal::generic_fast_tanh_float(x);
  }
};

}  // namespace tacit

/// What Eigen asks of a function before it hands it packets.
template <typename Scalar>
struct Eigen::internal::functor_traits<tacit::Tanh<Scalar>> {
  enum { Cost = 20 * NumTraits<Scalar>::MulCost, PacketAccess = std::is_same_v<Scalar, float> };
};
