"""Who reads every release of a county, knows the rule, and works out what else follows of it.

At each release some tables are told and others are not. What is told are equations about the children
of that moment. What is not told says something too, since the rule is public: one of the reasons for
which the rule does not tell a table must hold. All of it is an integer program; its least and its
greatest value of any number are what the attacker can say of this number.

Children may come, go and change between two releases, so one moment says nothing of another but by
what the rule compares, and that is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from services.screening.campaign_releases.rules.county_tables import LAYERED, TOTAL
from services.screening.campaign_releases.rules.published import OUTCOME_TABLES
from services.screening.campaign_releases.rules.releases import Terms
from services.screening.campaigns.rules.disclosure import Counts, may_publish
from tests.screening.campaign_releases.attack_tables import SHAPE, TABLES, counted_kinds

MOST = 300
"""More children than any county has."""


class Condition(NamedTuple):
    """A sum of children that lies between two numbers."""

    of: Counts
    least: float
    most: float


Reason = Sequence[Condition]
MARGINS = ("age_band_stage_one", "sex_stage_one")
"""Of each layer of LAYERED."""
Tables = Mapping[str, Counts]


class Moment(NamedTuple):
    """What is told at a release, what had been told before, and what else everybody knows."""

    before: Tables
    told: Tables
    terms: Terms
    impossible: Counts
    """Kinds of children that there cannot be, as 1: by the public rule of selection, or of who screens."""

    @property
    def after(self) -> Tables:
        return {**self.before, **self.told}


def _small(name: str, few: int) -> list[Reason]:
    return [[Condition(kinds, 1, few - 1)] for kinds, _ in TABLES[name]]


def _but_one(name: str, few: int, before: Counts | None = None) -> list[Reason]:
    """All numbers but one are few, or have changed by few."""
    cells = TABLES[name]
    return [
        [
            Condition(kinds, _at(before, place) - few + 1, _at(before, place) + few - 1)
            for number, (kinds, place) in enumerate(cells)
            if number != but
        ]
        for but in range(len(cells))
    ]


def _at(before: Counts | None, place: tuple[int, ...]) -> int:
    return 0 if before is None else int(before[place])


def _changed_by_few(name: str, before: Counts, few: int) -> Iterator[Reason]:
    for kinds, place in TABLES[name]:
        was = _at(before, place)
        yield [Condition(kinds, was + 1, was + few - 1)]
        yield [Condition(kinds, was - few + 1, was - 1)]


def _is_not_now(name: str, moment: Moment) -> list[Reason]:
    """A table of which it is not told how it is now: it is another than it was, or never was told."""
    if name in moment.told:
        return []
    if name not in moment.before:
        return [[]]
    found: list[Reason] = []
    for kinds, place in TABLES[name]:
        was = _at(moment.before[name], place)
        found += [[Condition(kinds, 0, was - 1)], [Condition(kinds, was + 1, MOST)]]
    return found


def _stays(name: str, moment: Moment) -> Iterator[Reason]:
    """The table changes by few, or in at most one number."""
    if name in moment.before:
        yield from _changed_by_few(name, moment.before[name], moment.terms.threshold)
        yield from _but_one(name, moment.terms.threshold, moment.before[name])


def reasons(name: str, moment: Moment) -> list[Reason]:
    """Why this table may not have been told: one of these holds. One without conditions may always be."""
    few, is_alone = moment.terms.threshold, moment.terms.has_one_implementer and "implementer" in name
    if name == TOTAL:
        n, before = counted_kinds(), moment.before.get(TOTAL)
        least: list[Reason] = [[Condition(n, 0, few - 1)]]
        return least if before is None else [*least, [Condition(n, int(before) - few + 1, int(before) + few - 1)]]
    found = _is_not_now(TOTAL, moment)
    if name == LAYERED:
        for part in ("stage_one", *MARGINS):
            found += _is_not_now(part, moment)
        return [*found, *_stays(name, moment), *_cannot_cross_layers(moment)]
    if name in OUTCOME_TABLES or name.endswith("_stage_one"):
        found += _is_not_now("stage_one", moment)
    if name.endswith("_stage_one"):
        found += _is_not_now(name.removesuffix("_stage_one"), moment)
    if is_alone:
        was = moment.before.get(name)
        same = [] if was is None else [[Condition(of, _at(was, at), _at(was, at)) for of, at in TABLES[name]]]
        return [*found, *same]
    found += _stays(name, moment)
    if name.endswith("_stage_one") and name not in OUTCOME_TABLES:
        return [*found, *_cannot_cross(name, moment)]
    return [*found, *_small(name, few), *_but_one(name, few)]


def _cannot_cross(name: str, moment: Moment) -> Iterator[Reason]:
    rows, columns = (moment.after.get(part) for part in (name.removesuffix("_stage_one"), "stage_one"))
    if rows is None or columns is None or not may_publish(rows, moment.terms.threshold):
        yield []
        return
    for kinds, (row, column) in TABLES[name]:
        if rows[row] > 0 and columns[column] > 0:
            yield [Condition(kinds, 0, moment.terms.threshold - 1)]


def _cannot_cross_layers(moment: Moment) -> Iterator[Reason]:
    rows, columns = (moment.after.get(part) for part in MARGINS)
    if rows is None or columns is None:
        yield []
        return
    for kinds, (outcome, row, column) in TABLES[LAYERED]:
        if rows[row][outcome] > 0 and columns[column][outcome] > 0:
            yield [Condition(kinds, 0, moment.terms.threshold - 1)]


class Attack:
    """All that follows of one moment."""

    def __init__(self, moment: Moment, *, knows_rule: bool = True) -> None:
        self.moment = moment
        self.knows_rule = knows_rule
        self.known: dict[tuple[bytes, int], int] = {}

    @cached_property
    def _program(self) -> tuple[LinearConstraint, int]:
        facts = [Condition(self.moment.impossible, 0, 0)]
        for name, counts in self.moment.told.items():
            cells = TABLES.get(name, [])
            facts += [Condition(kinds, _at(counts, place), _at(counts, place)) for kinds, place in cells]
        untold = [name for name in TABLES if name not in self.moment.told] if self.knows_rule else []
        choices = [found for name in untold if [] not in (found := reasons(name, self.moment))]
        kinds, binaries = int(np.prod(SHAPE)), sum(map(len, choices))
        rows: list[Any] = [np.r_[fact.of.ravel(), np.zeros(binaries)] for fact in facts]
        low, high = [fact.least for fact in facts], [fact.most for fact in facts]
        place = kinds
        for choice in choices:
            rows.append(np.zeros(kinds + binaries))
            rows[-1][place : place + len(choice)] = 1
            low, high = [*low, 1], [*high, np.inf]
            for reason in choice:
                for condition in reason:
                    rows += self._if(condition, place, kinds + binaries)
                    low, high = [*low, condition.least - MOST, -np.inf], [*high, np.inf, condition.most + MOST]
                place += 1
        return LinearConstraint(np.array(rows), low, high), binaries

    @staticmethod
    def _if(condition: Condition, place: int, size: int) -> list[Any]:
        """The condition where the binary at this place is 1."""
        found = []
        for sign in (-1, 1):
            row = np.zeros(size)
            row[: condition.of.size] = condition.of.ravel()
            row[place] = sign * MOST
            found.append(row)
        return found

    def _end(self, of: Counts, sign: int) -> int:
        key = of.tobytes(), sign
        if key not in self.known:
            constraint, binaries = self._program
            goal = np.r_[sign * of.ravel(), np.zeros(binaries)]
            most = np.r_[np.full(of.size, MOST), np.ones(binaries)]
            found = milp(goal, constraints=constraint, bounds=Bounds(0, most), integrality=np.ones_like(goal))
            assert found.status == 0, f"nothing fits what is told: {found.message}"
            self.known[key] = round(sign * found.fun)
        return self.known[key]

    def least(self, of: Counts) -> int:
        """The least that this number can be, by what the attacker knows."""
        return self._end(of, 1)

    def most(self, of: Counts) -> int:
        """The most that it can be."""
        return self._end(of, -1)


def is_given_away(attack: Attack, of: Counts) -> bool:
    """Whether it is certain that the number is one of few."""
    return attack.most(of) < attack.moment.terms.threshold and attack.least(of) >= 1


def is_change_given_away(before: Attack, after: Attack, of: Counts) -> bool:
    """Whether it is certain that the number has grown, or fallen, by few."""
    few = after.moment.terms.threshold
    most, least = after.most(of) - before.least(of), after.least(of) - before.most(of)
    return 1 <= least <= most < few or 1 <= -most <= -least < few
