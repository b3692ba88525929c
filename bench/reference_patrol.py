#!/usr/bin/env python3
"""The exact gradient of a patrolling team (agent/systems/patrol/exact_gradient.h) in numpy.

`reference_patrol.py FILE STEPS` reads a case as bench_patrol_training writes it, computes the
gradient STEPS times, and prints seconds of the processor per gradient, the objective and the norm
of the gradient. Everything is one array operation over places, actions and weights at once; only
time is a loop. Single precision.
"""

import struct
import sys
import time

import numpy as np

HIDDEN = 256


class Case:
    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        sizes = struct.unpack_from("<7q", data)
        robots, self.active, self.steps, places, tiles, zones, batch = sizes
        used = 8 * len(sizes)

        def take(kind, shape):
            nonlocal used
            count = int(np.prod(shape))
            values = np.frombuffer(data, kind, count, used).reshape(shape)
            used += values.nbytes
            return values

        self.next = take("<i4", (places, zones))
        self.tile = take("<i4", (places,))
        self.inside = take("<f4", (places, zones))
        self.weights = take("<f4", (batch, zones))
        self.theta = take("<f4", (robots, (zones + tiles + 1) * HIDDEN + (HIDDEN + 1) * zones))
        assert used == len(data)
        self.tiles = tiles
        # What comes in, sorted by where it goes: sums over places are sums over slices.
        order = np.argsort(self.next.reshape(-1), kind="stable")
        self.sources = order // zones
        self.actions = order % zones
        self.goals, self.begins = np.unique(self.next.reshape(-1)[order], return_index=True)

    def parts(self, theta):
        zones = self.weights.shape[1]
        ends = np.cumsum([zones * HIDDEN, self.tiles * HIDDEN, HIDDEN, zones * HIDDEN])
        of_weights, of_tiles, bias, output, output_bias = np.split(theta, ends)
        return (of_weights.reshape(zones, HIDDEN), of_tiles.reshape(self.tiles, HIDDEN), bias,
                output.reshape(zones, HIDDEN), output_bias)

    def forward(self, theta):
        """Hidden units, and chances of actions [tile, batch, action]."""
        of_weights, of_tiles, bias, output, output_bias = self.parts(theta)
        seen = self.weights @ of_weights + bias
        hidden = np.maximum(seen[None] + of_tiles[:, None], 0)
        logits = hidden.reshape(-1, HIDDEN) @ output.T + output_bias
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        chances /= chances.sum(axis=1, keepdims=True)
        return hidden, chances.reshape(self.tiles, len(self.weights), -1)

    def propagate(self, chances):
        """Occupancies [T0 + 1, place, batch] and chances to be in zones [T0, zone, batch]."""
        places, batch = len(self.tile), len(self.weights)
        by_arc = np.ascontiguousarray(chances[self.tile[self.sources], :, self.actions])
        occupancy = np.zeros((self.steps + 1, places, batch), np.float32)
        occupancy[0] = 1 / places
        for t in range(self.steps):
            occupancy[t + 1, self.goals] = np.add.reduceat(occupancy[t][self.sources] * by_arc,
                                                           self.begins)
        return occupancy, self.inside.T @ occupancy[1:]

    def gradient(self):
        passes = [self.forward(theta) for theta in self.theta]
        moves = [self.propagate(chances) for _, chances in passes]
        rewards = np.broadcast_to(self.weights.T, moves[0][1].shape).copy()
        for robot, (_, in_zone) in enumerate(moves):
            if robot != self.active:
                rewards *= 1 - in_zone
        hidden, chances = passes[self.active]
        occupancy, in_zone = moves[self.active]
        scale = 1 / (self.steps * len(self.weights))
        objective = float((self.weights.T - rewards * (1 - in_zone)).sum(dtype=np.float64)) * scale

        by_place = np.ascontiguousarray(chances[self.tile].transpose(0, 2, 1))
        value = np.zeros(occupancy.shape[1:], np.float32)
        gains = np.zeros_like(by_place)
        worth = self.inside @ rewards
        for t in reversed(range(self.steps)):
            ahead = (worth[t] + value)[self.next]
            value = np.einsum("pab,pab->pb", by_place, ahead)
            ahead -= value[:, None]
            ahead *= occupancy[t][:, None]
            gains += ahead
        gains *= by_place
        by_tile = np.zeros((self.tiles,) + gains.shape[1:], np.float32)
        np.add.at(by_tile, self.tile, gains)
        logits = by_tile.transpose(0, 2, 1).reshape(-1, self.weights.shape[1]) * np.float32(scale)
        return objective, self.backward(hidden, logits)

    def backward(self, hidden, logits):
        output = self.parts(self.theta[self.active])[3]
        of_hidden = (logits @ output).reshape(hidden.shape) * (hidden > 0)
        over_tiles = of_hidden.sum(axis=0)
        return np.concatenate([
            (self.weights.T @ over_tiles).reshape(-1), of_hidden.sum(axis=1).reshape(-1),
            over_tiles.sum(axis=0), (logits.T @ hidden.reshape(-1, HIDDEN)).reshape(-1),
            logits.sum(axis=0)])


def main(arguments):
    case, steps = Case(arguments[0]), int(arguments[1])
    objective, gradient = case.gradient()  # numpy sets itself up at its first calls.
    start = time.process_time()
    for _ in range(steps):
        case.gradient()
    seconds = (time.process_time() - start) / steps
    print(seconds, objective, float(np.linalg.norm(gradient)))


if __name__ == "__main__":
    main(sys.argv[1:])
