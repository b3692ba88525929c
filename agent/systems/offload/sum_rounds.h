#pragma once

#include "common/base/ids.h"
#include "common/graph/graph.h"

namespace tacit::offload {

/// How many rounds of push-sum it takes until every node knows the sum of non-negative numbers to
/// `accuracy`, relative: a rehearsal of the protocol itself on this graph, with links that fail
/// independently, one way, with probability 1 - up_probability.
///
/// The mean that a node knows is linear in the numbers, so its relative error is at most the
/// largest of those for numbers that are 1 at one node and 0 elsewhere. All N of these are
/// rehearsed at once for N <= 64 (beyond, 4 to 64 of them); without loss the answer is then a
/// guarantee. With loss the worst of three rehearsals gets 15 % and two rounds on top.
///
/// A spectral estimate, ln(1/accuracy) / -ln(rho), needs the rho of the lazy random walk (not of
/// the Metropolis matrix), is up to 11 % short without loss, and says nothing about lost frames
/// where mixing is fast: on a complete graph of ten it says 1 round at any loss; half of the frames
/// lost, it takes 60.
///
/// @pre the graph is connected, 0 < up_probability <= 1, 0 < accuracy < 1
/// @return at least 8
/// @throws InputError (config) if 100,000 rounds are not enough
Round rehearse_sum_rounds(const Graph& graph, double up_probability, double accuracy);

}  // namespace tacit::offload
