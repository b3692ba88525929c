#!/usr/bin/python3
"""The torch side of bench_ppo: `reference_ppo.py train DISTRICT ITERATIONS` learns a building's
policy and prints environment steps per second and the mean return of the last episodes;
`reference_ppo.py run DISTRICT POLICY` lets seven buildings run 3,000 hours and prints the seconds
and the energy they bought; `reference_ppo.py blas` prints the BLAS libraries that torch loaded.

Written for speed on one thread: the environments are one set of numpy arrays, distributions are
log_softmax and gather instead of torch.distributions, tensors are made once per iteration. Seconds
are the processor's, so that whatever else the machine does has little weight.
"""

import struct
import sys
import time

import numpy as np
import torch
from torch import nn

ENVIRONMENTS, STEPS, EPOCHS, MINIBATCH = 64, 80, 10, 1280
RATE, GAMMA, LAMBDA, CLIP = 1e-3, 0.99, 0.95, 0.2
ENTROPY, VALUE, NORM_MOST = 0.005, 0.5, 0.5
PLANNED_ITERATIONS = 156
CAPACITY, DISCHARGE_MOST, EFFICIENCY = 6.4, 5.0, 0.9 ** 0.5
SOLAR_SCALE, PRICE_SCALE = 0.6, 25.0
GRID_CHOICES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
BATTERY_CHOICES = np.array([0.0, 0.5, 1.0])


class Buildings:
    """n buildings with solar panels, a battery and postponable demand, as arrays [n]."""

    def __init__(self, district, multiplier):
        table = np.loadtxt(district, delimiter=",")
        count = (table.shape[1] - 2) // 2
        self.hour, self.price = table[:, 0], table[:, 1]
        self.demands = table[:, 2:2 + count].T.copy()
        self.solar = SOLAR_SCALE * table[:, 2 + count:].T
        self.most = self.demands.max(axis=1)
        self.m = multiplier
        angle = 2 * np.pi * self.hour / 24
        self.sine, self.cosine = np.sin(angle), np.cos(angle)

    def begin(self, building, t, charge, backlog):
        self.building, self.t, self.charge, self.backlog = building, t, charge, backlog
        self.connection = self.m * self.most[building]
        self.begin_hour()

    def begin_hour(self):
        self.row = self.t % len(self.price)
        self.demand = self.m * self.demands[self.building, self.row]
        charge = self.charge + EFFICIENCY * self.solar[self.building, self.row]
        self.charge = np.minimum(charge, CAPACITY)
        self.price_now = self.price[self.row]
        self.servable = self.backlog + self.demand

    def observe(self, price_of_grid, nu):
        return np.stack([self.demand / (3 * self.m), self.servable / (self.servable + 5 * self.m),
                         self.charge / CAPACITY, PRICE_SCALE * self.price_now / 10 - 0.75,
                         self.sine[self.row], self.cosine[self.row], price_of_grid / 15, nu / 20],
                        axis=1)

    def step(self, grid_choice, battery_choice):
        """Returns (price, energy bought, growth of the backlog)."""
        limit = np.minimum(np.minimum(self.servable, EFFICIENCY * self.charge), DISCHARGE_MOST)
        battery = BATTERY_CHOICES[battery_choice] * limit
        grid = GRID_CHOICES[grid_choice] * np.minimum(self.servable - battery, self.connection)
        self.charge = self.charge - battery / EFFICIENCY
        self.backlog = np.maximum(self.servable - battery - grid, 0)
        price, growth = self.price_now, self.demand - grid - battery
        self.t = self.t + 1
        self.begin_hour()
        return price, grid, growth


def network(output_size, output_gain):
    layers = [nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, output_size)]
    for layer, gain in zip(layers[::2], [2 ** 0.5, 2 ** 0.5, output_gain]):
        nn.init.orthogonal_(layer.weight, gain)
        nn.init.zeros_(layer.bias)
    return nn.Sequential(*layers)


class Training:
    def __init__(self, district):
        self.generator = np.random.default_rng(1)
        self.buildings = Buildings(district, 1.0)
        self.actor, self.critic = network(8, 0.01), network(1, 1.0)
        self.parameters = [*self.actor.parameters(), *self.critic.parameters()]
        self.adam = torch.optim.Adam(self.parameters, lr=RATE, eps=1e-5)
        self.mean_return = 0.0

    def reset(self):
        draw, n = self.generator, ENVIRONMENTS
        self.price_of_grid, self.nu = draw.uniform(0, 15, n), draw.uniform(-20, 20, n)
        self.buildings.begin(draw.integers(0, len(self.buildings.demands), n),
                             draw.integers(0, len(self.buildings.price) - STEPS, n),
                             draw.uniform(0, CAPACITY, n),
                             np.exp(draw.uniform(0, np.log(301), n)) - 1)

    def see(self):
        seen = self.buildings.observe(self.price_of_grid, self.nu)
        return torch.from_numpy(seen.astype(np.float32))

    def collect(self):
        """One whole episode of every copy: (T + 1) x E observations, T x E of the rest."""
        observations = torch.empty(STEPS + 1, ENVIRONMENTS, 8)
        actions = torch.empty(STEPS, ENVIRONMENTS, 2, dtype=torch.int64)
        log_probabilities = torch.empty(STEPS, ENVIRONMENTS)
        rewards = np.empty((STEPS, ENVIRONMENTS), dtype=np.float32)
        self.reset()
        for t in range(STEPS):
            observations[t] = self.see()
            grid, battery = self.actor(observations[t]).split([5, 3], dim=1)
            grid, battery = grid.log_softmax(1), battery.log_softmax(1)
            a = torch.cat([grid.exp().multinomial(1), battery.exp().multinomial(1)], dim=1)
            actions[t] = a
            log_probabilities[t] = (grid.gather(1, a[:, :1]) + battery.gather(1, a[:, 1:]))[:, 0]
            choice = a.numpy()
            price, bought, growth = self.buildings.step(choice[:, 0], choice[:, 1])
            reward = -(PRICE_SCALE * price + self.price_of_grid) * bought + self.nu * growth
            rewards[t] = reward / 40
        observations[STEPS] = self.see()
        values = self.critic(observations.view(-1, 8)).view(STEPS + 1, ENVIRONMENTS)
        self.mean_return = float(rewards.sum(axis=0).mean())
        return observations, actions, log_probabilities, torch.from_numpy(rewards), values

    def iterate(self, iteration):
        with torch.no_grad():
            observations, actions, log_probabilities, rewards, values = self.collect()
            # The last step is truncated: it bootstraps, and nothing follows.
            deltas = rewards + GAMMA * values[1:] - values[:-1]
            advantages = torch.empty_like(deltas)
            following = torch.zeros(ENVIRONMENTS)
            for t in reversed(range(STEPS)):
                following = deltas[t] + GAMMA * LAMBDA * following
                advantages[t] = following
            targets = (advantages + values[:-1]).view(-1)
            advantages = advantages.view(-1)
            advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        observations = observations[:-1].reshape(-1, 8)
        actions, log_probabilities = actions.view(-1, 2), log_probabilities.view(-1)
        self.adam.param_groups[0]["lr"] = RATE * (1 - iteration / PLANNED_ITERATIONS)
        for _ in range(EPOCHS):
            for chosen in torch.randperm(len(targets)).split(MINIBATCH):
                self.update(observations[chosen], actions[chosen], log_probabilities[chosen],
                            advantages[chosen], targets[chosen])

    def update(self, observations, actions, log_probabilities, advantages, targets):
        grid, battery = self.actor(observations).split([5, 3], dim=1)
        grid, battery = grid.log_softmax(1), battery.log_softmax(1)
        now = (grid.gather(1, actions[:, :1]) + battery.gather(1, actions[:, 1:]))[:, 0]
        ratio = (now - log_probabilities).exp()
        gain = torch.min(ratio * advantages, ratio.clamp(1 - CLIP, 1 + CLIP) * advantages)
        entropy = -((grid.exp() * grid).sum(1) + (battery.exp() * battery).sum(1))
        error = self.critic(observations)[:, 0] - targets
        loss = -gain.mean() - ENTROPY * entropy.mean() + VALUE * error.square().mean()
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, NORM_MOST)
        self.adam.step()


def train(district, iterations):
    training = Training(district)
    training.iterate(0)  # torch sets itself up at its first calls.
    start = time.process_time()
    for iteration in range(1, iterations + 1):
        training.iterate(iteration)
    seconds = time.process_time() - start
    print(iterations * ENVIRONMENTS * STEPS / seconds, training.mean_return)


def load_actor(path):
    """Of the bytes of PolicyNetwork."""
    with open(path, "rb") as file:
        data = file.read()
    parameters = np.frombuffer(data[-4 * struct.unpack_from("<Q", data, 72)[0]:], dtype="<f4")
    actor, used = network(8, 1.0), 0
    with torch.no_grad():
        for layer in actor[::2]:
            rows, columns = layer.weight.shape
            weight = parameters[used:used + rows * columns].reshape(columns, rows).T
            layer.weight.copy_(torch.from_numpy(weight.copy()))
            used += rows * columns
            layer.bias.copy_(torch.from_numpy(parameters[used:used + rows].copy()))
            used += rows
    assert used == len(parameters)
    return actor


def run(district, policy):
    """grid.toml: every agent asks its own policy, one observation at a time."""
    actor, n, hours = load_actor(policy), 7, 3000
    m = np.array([2.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    neighbours = np.zeros((n, n))
    for i, j in [(0, 2), (0, 3), (0, 4), (2, 3), (2, 4), (3, 4), (1, 5), (1, 6), (5, 6), (4, 5)]:
        neighbours[i, j] = neighbours[j, i] = 1
    mixing = 0.5 * np.eye(n) + 0.5 * neighbours / neighbours.sum(axis=1, keepdims=True)
    buildings = Buildings(district, m)
    share = 0.27 * (m[:, None] * buildings.demands[:n]).sum(axis=0).max() / n
    buildings.begin(np.arange(n), np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(n))
    price_of_grid, nu, bought_in_all = np.zeros(n), np.zeros(n), 0.0
    start = time.process_time()
    with torch.inference_mode():
        for _ in range(hours):
            seen = torch.from_numpy(buildings.observe(price_of_grid, nu).astype(np.float32))
            choices = np.empty((n, 2), dtype=np.int64)
            for agent in range(n):
                logits = actor(seen[agent:agent + 1]).numpy()[0]
                choices[agent] = logits[:5].argmax(), logits[5:].argmax()
            _, bought, growth = buildings.step(choices[:, 0], choices[:, 1])
            price_of_grid = mixing @ np.clip(price_of_grid + 0.05 * (bought - share), 0, 15)
            nu = np.clip(nu - 0.1 * growth, -20, 20)
            bought_in_all += bought.sum()
    print(time.process_time() - start, bought_in_all)


def main(arguments):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if arguments[0] == "train":
        train(arguments[1], int(arguments[2]))
    elif arguments[0] == "run":
        run(arguments[1], arguments[2])
    else:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            names = {line.split()[-1] for line in maps if "blas" in line.split()[-1]}
        print(" ".join(sorted(names)))


if __name__ == "__main__":
    main(sys.argv[1:])
