"""The screenings of the demo, as lines of files that another platform sends."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from onebox.callers import KATOWICE
from onebox.demo.children import Child, answers, children, older

WORKPLACES = {"Y": "nursery", "O": "kindergarten"}
CARERS = {"Y": "nursery_carer", "O": "teacher"}
SECOND_CENTRE = "psych_ped_counselling_centre"
STAGE_TWO_FROM = date(2025, 6, 9)
UNSURE = 0.04
Institutions = Mapping[str, Mapping[str, Any]]
"""The demo's institutions in Katowice by their type; empty where one is missing."""


def first_informant(child: Child) -> str:
    """The informant of the first screening: a parent, for every third child a carer or teacher."""
    return CARERS[child.form] if child.number % 3 == 0 else "parent"


def other_informant(child: Child) -> str:
    """The informant who was not asked the first time."""
    return "parent" if first_informant(child) != "parent" else CARERS[child.form]


def stage_one(own: Institutions) -> bytes:
    """The file of stage one, with all children."""
    return _file(
        _row(child, "first", first_informant(child), child.screened_on, unsure=UNSURE)
        | {"implementer": implementer(child)}
        | _place(child, own, WORKPLACES[child.form])
        for child in children()
    )


def repetitions() -> bytes:
    """The file for the study: some older children screened again two weeks later, others by the
    other informant two days later.
    """
    again = [_row(child, "again", first_informant(child), child.screened_on + timedelta(14)) for child in older()[0::7]]
    beside = [
        _row(child, "beside", other_informant(child), child.screened_on + timedelta(2), view=0.45)
        for child in older()[3::7]
    ]
    return _file([*again, *beside])


def stage_two(selected: Collection[str], own: Institutions) -> bytes:
    """The file of stage two: most of the selected children, screened by a specialist."""
    attending = [child for child in children() if child.reference in selected and child.number % 7]
    return _file(
        _row(child, "second", "specialist", _second_day(child), view=0.2)
        | {"implementer": implementer(child), "consent_to_refer": child.number % 8 > 0}
        | _place(child, own, SECOND_CENTRE)
        for child in attending
    )


def criteria(positive: Collection[str]) -> bytes:
    """The results of a full assessment: of every older child with a positive outcome, and of
    every fourth other one.
    """
    assessed = [child for place, child in enumerate(older()) if child.reference in positive or place % 4 == 1]
    lines = [f"{child.reference};{'positive' if child.has_condition else 'negative'}" for child in assessed]
    return "\r\n".join(["subject_ref;outcome", *lines, ""]).encode()


def implementer(child: Child) -> str:
    """Two of five children are screened by the project's partner."""
    return "partner" if child.number % 5 < 2 else "counties"


def external_id(child: Child, occasion: str) -> str:
    """The id of a screening on the other platform."""
    return f"{child.number:03d}-{occasion}"


def _second_day(child: Child) -> date:
    return STAGE_TWO_FROM + timedelta(weeks=child.number % 6, days=child.number % 5)


def _place(child: Child, own: Institutions, kind: str) -> dict[str, Any]:
    return {"institution_id": own[kind]["id"]} if own and child.county == KATOWICE else {}


def _row(child: Child, occasion: str, informant: str, on: date, **options: float) -> dict[str, Any]:
    facts = {
        "external_id": external_id(child, occasion),
        "subject_ref": child.reference,
        "sex": child.sex,
        "county_terc": child.county,
        "informant": informant,
        "administered_on": on.isoformat(),
        "born_on": child.born_on.isoformat(),
    }
    return facts | answers(child, occasion, **options)


def _file(rows: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()
