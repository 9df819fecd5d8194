"""The screenings of the pilot, as files that another platform sends (source 000, „Realizacja")."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain

from onebox.pilot.counties import County, in_project, with_nurseries
from onebox.pilot.institutions import NURSERY, SCHOOL

CHILDREN = {"project": 15_971, "nursery_association": 5_973}
"""The numbers of small children by implementer."""
PUPILS, IN_STAGE_TWO = 8_318, 2_662
POSITIVE_SHARE = 10
"""One small child in so many has a positive outcome: invented, the source has no outcomes."""
BY_HAND = 6
"""So many of a county's selected pupils were selected by hand, without a positive
outcome of stage one.
"""
ABSENT_SHARE = 8
"""One selected pupil in so many did not come to stage two. Both are invented: the source has
only the selected.
"""
YOUNGER = ("MOVE1", "MOVE2", "MOVE3", "HAND1", "TALK1", "TALK2", "TALK3", "SOC1", "SOC2", "PLAY1", "PLAY2")
OF_PUPILS = ("LISTEN", "READ", "COUNT", "FRIENDS", "CALM", "MOVE")
_REFERENCES = uuid.UUID("01980000-0000-7000-8000-0000000091f0")
_FACTS = ("external_id", "subject_ref", "sex", "county_terc", "institution_id", "informant", "administered_on")
Places = Mapping[tuple[str, str], str]
"""Ids of institutions by county and type."""


def reference(kind: str, number: int) -> str:
    """The pseudonym of a child."""
    return str(uuid.uuid5(_REFERENCES, f"{kind} {number}"))


def early_file(places: Places) -> bytes:
    """The file of all small children of both implementers."""
    heading = (*_FACTS, "born_on", "implementer", *[f"Y_{item}" for item in YOUNGER], "Y_LOSS")
    rows = chain(_early("project", in_project(), places), _early("nursery_association", with_nurseries(), places))
    return _file((*heading, "SENSES.SEEING", "SENSES.HEARING"), rows)


def _early(implementer: str, where: Sequence[County], places: Places) -> Iterator[tuple[str, ...]]:
    for number in range(CHILDREN[implementer]):
        county = where[number % len(where)]
        day = date(2023, 3, 6) + timedelta(days=7 * (number % 12) + number % 5)
        born_on = day - timedelta(days=200 + number * 37 % 850)
        # By the turn and not by the number, so that each county has some of them.
        word = "not_yet" if number // len(where) % POSITIVE_SHARE == 0 else "yes"
        yield (
            f"{implementer}-{number}",
            reference(implementer, number),
            "KM"[number // len(where) % 2],
            county.terc,
            places.get((county.terc, NURSERY), ""),
            "parent",
            day.isoformat(),
            born_on.isoformat(),
            implementer,
            *[word] * len(YOUNGER),
            *("no", "no", "no"),
        )


def pupils_file(places: Places, stage: int) -> bytes:
    """The file of a stage: all pupils in stage one, most of the selected ones in stage two."""
    heading = (*_FACTS, "born_on", "implementer", *OF_PUPILS)
    return _file(heading, _pupils(places, stage))


def _pupils(places: Places, stage: int) -> Iterator[tuple[str, ...]]:
    where = in_project()
    for number in range(PUPILS if stage == 1 else IN_STAGE_TWO):
        turn = number // len(where)
        if stage > 1 and turn % ABSENT_SHARE == ABSENT_SHARE - 1:
            continue
        county = where[number % len(where)]
        day = date(2023, 2 + 2 * stage, 3) + timedelta(days=number % 25)
        born_on = date(2008, 1, 15) + timedelta(days=number * 53 % 2900)
        # A pupil with a score above the cut-off is selected by the rule.
        word = "often" if number < IN_STAGE_TWO and (stage > 1 or turn >= BY_HAND) else "seldom"
        yield (
            f"pupil-{number}-{stage}",
            reference("pupil", number),
            "KM"[turn % 2],
            county.terc,
            places.get((county.terc, SCHOOL), ""),
            "teacher" if stage == 1 else "specialist",
            day.isoformat(),
            born_on.isoformat(),
            "project",
            *[word] * len(OF_PUPILS),
        )


def selected_by_hand() -> list[str]:
    """The pupils whom their county selects by hand."""
    return [reference("pupil", number) for number in range(BY_HAND * len(in_project()))]


def _file(heading: Sequence[str], rows: Iterator[tuple[str, ...]]) -> bytes:
    return "\r\n".join([";".join(heading), *map(";".join, rows), ""]).encode()
