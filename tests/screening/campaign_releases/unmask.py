"""Counties that children come to, leave and change in, release by release, and who tries to find them.

`python -m tests.screening.campaign_releases.unmask --sequences 500` says what it finds; `make unmask` runs it.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np

from services.screening.campaign_releases.rules.releases import Terms, next_release
from services.screening.campaigns.rules.disclosure import Counts
from tests.screening.campaign_releases.attack_tables import SHAPE, numbers, tables_of
from tests.screening.campaign_releases.attacker import Attack, Moment, is_change_given_away, is_given_away

RELEASES = 6
MOST_NUMBERS = 5
"""Numbers of few, and changes by few, that are asked for at each release; which, is drawn."""


class County(NamedTuple):
    """What is drawn for one sequence."""

    terms: Terms
    impossible: Counts
    crowd: float
    growth: float
    is_alike: bool


class Release(NamedTuple):
    """The children of a moment by kind, and what the attacker has of it."""

    children: Counts
    attack: Attack


def drawn_county(chance: np.random.Generator) -> County:
    """Small or large, quiet or busy; sometimes with one implementer, or with a rule that selects positives."""
    impossible = np.zeros(SHAPE, np.int64)
    alone = bool(chance.random() < 0.3)
    if alone:
        impossible[1] = 1
    if chance.random() < 0.5:
        impossible[:, :, :, :2, 1:] = 1
    small_cell = int(chance.choice([5, 5, 5, 7]))
    crowd, growth = chance.choice([0.05, 0.3, 1.0, 3.0]), chance.choice([0.02, 0.1, 0.4, 1.5])
    return County(Terms(small_cell, alone), impossible, float(crowd), float(growth), bool(chance.random() < 0.4))


def _changed(children: Counts, county: County, chance: np.random.Generator) -> Counts:
    """Some come, some are annulled, some change their status; sometimes few, sometimes all of one kind."""
    after = children.copy()
    mean = county.growth * children.mean() + 0.02
    coming = chance.poisson(mean, SHAPE)
    if county.is_alike:
        coming[tuple(chance.integers(0, 2, 3))] *= 4
    after += coming
    after -= chance.binomial(after, chance.choice([0.0, 0.02, 0.3], p=[0.5, 0.4, 0.1]))
    for _ in range(int(chance.choice([0, 0, 1, 3, 8, 20]))):
        kind, leaves = tuple(chance.integers(0, SHAPE)), tuple(chance.integers(0, SHAPE))
        other = (*kind[:3], *leaves[3:])
        if after[kind] > 0 and not county.impossible[other]:
            after[kind], after[other] = after[kind] - 1, after[other] + 1
    moved: Counts = np.where(county.impossible == 1, 0, after)
    return moved


def releases(seed: int) -> Iterator[Release]:
    """What is told of a county, one release after the other; the last one closes the campaign."""
    chance = np.random.default_rng(seed)
    county = drawn_county(chance)
    kinds = chance.random(SHAPE) < chance.choice([0.3, 1.0])
    children = np.where(county.impossible == 1, 0, chance.poisson(county.crowd, SHAPE) * kinds)
    told: dict[str, Counts] = {}
    for _ in range(RELEASES):
        anew = next_release(told, tables_of(children), county.terms)
        yield Release(children, Attack(Moment(dict(told), anew, county.terms, county.impossible)))
        told |= anew
        children = _changed(children, county, chance)


class Found(NamedTuple):
    """How many numbers of few were asked for, and which of them are given away."""

    asked: int
    told: int
    given_away: list[str]


def unmasked(seed: int, most_numbers: int = MOST_NUMBERS) -> Found:
    """Attack one sequence: numbers of few at each moment, and changes by few between one and the next."""
    chance, found, asked, told = np.random.default_rng(seed), [], 0, 0
    before: Release | None = None
    for number, release in enumerate(releases(seed), start=1):
        told += len(release.attack.moment.told)
        for name, kinds in _of_few(release.children, release, chance)[:most_numbers]:
            asked += 1
            if is_given_away(release.attack, kinds):
                found.append(f"seed {seed}, release {number}: {name}")
        steps = [] if before is None else _of_few(release.children - before.children, release, chance)
        for name, kinds in steps[:most_numbers]:
            asked += 1
            if before and is_change_given_away(before.attack, release.attack, kinds):
                found.append(f"seed {seed}, release {number}: the change of {name}")
        before = release
    return Found(asked, told, found)


def _of_few(children: Counts, release: Release, chance: np.random.Generator) -> list[tuple[str, Counts]]:
    """The numbers that are, or have changed by, one of few: in an order that is drawn."""
    few = release.attack.moment.terms.threshold
    listed = [(name, of) for name, of in numbers() if 0 < abs(int((of * children).sum())) < few]
    return [listed[place] for place in chance.permutation(len(listed))]


def main() -> int:
    """Attack many sequences, and say how it went."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--sequences", type=int, default=500)
    asked.add_argument("--first", type=int, default=0, help="the first seed")
    asked.add_argument("--processes", type=int, default=2)
    options = asked.parse_args()
    started, given_away, numbers_asked, tables_told = time.monotonic(), [], 0, 0
    seeds = range(options.first, options.first + options.sequences)
    with ProcessPoolExecutor(options.processes) as pool:
        for done, found in enumerate(pool.map(unmasked, seeds), start=1):
            given_away += found.given_away
            numbers_asked += found.asked
            tables_told += found.told
            sys.stderr.write(f"\r{done}/{options.sequences} sequences, {len(given_away)} numbers given away")
    seconds = time.monotonic() - started
    sys.stderr.write("\n")
    sys.stdout.write("".join(f"{line}\n" for line in given_away))
    sys.stdout.write(
        f"{options.sequences} sequences of {RELEASES} releases, {tables_told} tables told, {numbers_asked} numbers of"
        f" few asked for, {len(given_away)} given away; {seconds:.0f} s\n"
    )
    return 1 if given_away else 0


if __name__ == "__main__":
    sys.exit(main())
