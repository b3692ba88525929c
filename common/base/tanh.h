#pragma once

#include <Eigen/Core>
#include <cmath>

namespace tacit {

/// tanh for Eigen's unaryExpr. In single precision it is Eigen's rational approximation, which uses
/// additions, products and one quotient only: the same bits on every processor of this build, for
/// single numbers and for packets. (Eigen's .tanh() uses it, too, but only with EIGEN_FAST_MATH,
/// which makes square roots approximate.)
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

/// The traits that Eigen needs to call a function with packets.
template <typename Scalar>
struct Eigen::internal::functor_traits<tacit::Tanh<Scalar>> {
  enum { Cost = 20 * NumTraits<Scalar>::MulCost, PacketAccess = std::is_same_v<Scalar, float> };
};
