"""Six hundred invented children and the answers about them: random with a fixed seed, so the
same in every demo.
"""

import uuid
from datetime import date, timedelta
from functools import cache
from random import Random
from statistics import NormalDist
from typing import NamedTuple

COUNTIES = {"2469": 270, "2408": 180, "2414": 150}
"""The number of children in each county."""

DAYS_OF_LIFE = {"Y": (190, 950), "O": (1100, 2050)}
"""Ages in days of the younger and the older children; four months later, in stage two, each child
is still of an age for the same form.
"""

AREAS = {
    "Y": (("MOVE1", "MOVE2", "MOVE3", "HAND1"), ("TALK1", "TALK2", "TALK3"), ("SOC1", "SOC2"), ("PLAY1", "PLAY2")),
    "O": (
        ("MOVE1", "MOVE2", "HAND1", "HAND2"),
        ("TALK1", "TALK2", "TALK3"),
        ("SOC1", "SOC2", "SOC3"),
        ("PLAY1", "PLAY2"),
    ),
}
"""The items of the two forms of DEMO by area: movement, communication, relations, play."""

WORDS = {"O_SOC3": ("never", "sometimes", "often"), "O_PLAY2": ("yes", "sometimes", "no")}
USUAL_WORDS = ("yes", "sometimes", "not_yet")
"""The answers, from no worry to much worry."""

SOME, MUCH, CONDITION = 0.55, 1.3, 1.6
"""Thresholds of the worry for the second and for the third answer, and of the specialist's
finding for a condition.
"""

_FIRST_DAY, _WEEKS = date(2025, 3, 10), 11
_REFERENCES = uuid.UUID("01980000-0000-7000-8000-00000000de01")


class Child(NamedTuple):
    """A child with its level of worry, in general and by area, and whether a
    specialist finds a condition.
    """

    number: int
    county: str
    sex: str
    form: str
    screened_on: date
    born_on: date
    level: float
    areas: tuple[float, ...]
    has_condition: bool

    @property
    def reference(self) -> str:
        """The pseudonym of the child."""
        return str(uuid.uuid5(_REFERENCES, str(self.number)))


@cache
def children() -> tuple[Child, ...]:
    """All children, county by county."""
    counties = [county for county, count in COUNTIES.items() for _ in range(count)]
    return tuple(_child(number, county) for number, county in enumerate(counties, start=1))


def older() -> list[Child]:
    """The children with the form whose validity is studied."""
    return [child for child in children() if child.form == "O"]


def answers(child: Child, occasion: str, *, view: float = 0.0, unsure: float = 0.0) -> dict[str, str]:
    """The answers about a child on one occasion, by the code of the item.

    `view`: how much the informant's own view differs (standard deviation); `unsure`: the
    probability of "unsure" about a sense.
    """
    lots, chance = _lots(f"items {child.number}"), _lots(f"{occasion} {child.number}")
    level = child.level + view * _normal(chance)
    words = {f"SENSES.{sense}": _of_senses(chance.random(), unsure) for sense in ("SEEING", "HEARING")}
    words |= {"Y_LOSS": "no"} if child.form == "Y" else {}
    for area, items in zip(child.areas, AREAS[child.form], strict=True):
        for code in (f"{child.form}_{item}" for item in items):
            worry = 0.66 * level + 0.36 * area + 0.42 * _normal(lots) + 0.42 * _normal(chance)
            word = WORDS.get(code, USUAL_WORDS)[(worry > SOME) + (worry > MUCH)]
            words[code] = "not_observed" if chance.random() < 0.008 else word
    return words


def _child(number: int, county: str) -> Child:
    lots, form = _lots(f"child {number}"), "Y" if number % 4 < 2 else "O"
    screened_on = _FIRST_DAY + timedelta(weeks=lots.randrange(_WEEKS), days=lots.randrange(5))
    born_on = screened_on - timedelta(days=lots.randrange(*DAYS_OF_LIFE[form]))
    level, *areas = (_normal(lots) for _ in range(5))
    has_condition = level + 0.8 * max(areas) + 0.3 * _normal(lots) > CONDITION
    sex = "female" if number % 2 else "male"
    return Child(number, county, sex, form, screened_on, born_on, level, tuple(areas), has_condition)


def _lots(what: str) -> Random:
    return Random(what)  # noqa: S311 - nothing is secret here, and it has to come out the same


def _normal(lots: Random) -> float:
    return NormalDist().inv_cdf(lots.random())


def _of_senses(lot: float, unsure: float) -> str:
    return "yes" if lot < 0.01 else "unsure" if lot < 0.01 + unsure else "no"
