"""A county's records drawn at random, always the same."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import text

from tests.support.records import EVERYWHERE, app_of

START, END = date(2026, 4, 1), date(2026, 6, 30)
ENDED = {"closed", "withdrawn", "transferred"}
KINDS = ("informational", "emotional", "social", "diagnostic", "therapeutic")
REASONS = ("no_capacity", "no_funding", "family_declined", "other")
EFFECTS = ("full", "partial", "none", "not_assessable", None)
OUTCOMES = ("sent", "received", "accepted", "completed", "declined", "withdrawn")
WARSAW = ZoneInfo("Europe/Warsaw")
Rows = list[dict[str, Any]]


def at(day: date) -> str:
    """Half past midnight in Poland: in UTC it is still the day before."""
    return datetime.combine(day, time(0, 30), WARSAW).astimezone(UTC).isoformat()


@dataclass
class County:
    """The rows of a county, by table."""

    terc: str
    random: Random
    tables: dict[str, Rows] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> dict[str, Any]:
        made = {
            "id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            "county_terc": self.terc,
            **row,
        }
        self.tables.setdefault(table, []).append(made)
        return made

    def __getitem__(self, table: str) -> Rows:
        return self.tables.get(table, [])

    def day(self, first: date = date(2026, 1, 5), last: date = date(2026, 8, 20)) -> date:
        return first + timedelta(days=self.random.randrange((last - first).days + 1))

    def add_case(self, person: dict[str, Any], opened_on: date) -> dict[str, Any]:
        """A case with its states, each some weeks after the one before."""
        draw, states = self.random, ["draft"]
        states += [
            "consented",
            "assessment",
            "in_progress",
            draw.choice(["closed", "withdrawn", "under_review"]),
        ][: draw.randrange(5) + 1]
        if states[-1] == "closed" and draw.random() < 0.5:
            states.append("in_progress")
        case = self.add(
            "cases",
            person_id=person["id"],
            number=uuid.UUID(int=draw.getrandbits(128)).hex,
            sealed="\\x",
        )
        day = last = opened_on
        for number, state in enumerate(states, 1):
            self.add(
                "case_steps",
                case_id=case["id"],
                person_id=person["id"],
                number=number,
                state=state,
                day=day,
            )
            last, day = day, day + timedelta(days=draw.randrange(3, 45))
        first_contact = opened_on - timedelta(days=draw.randrange(30))
        supported = first_contact + timedelta(days=draw.randrange(120)) if draw.random() < 0.7 else None
        case |= {"track": draw.choice(["early", "early", "pupil", "wokro"]), "state": states[-1]}
        case |= {
            "first_contact_on": first_contact,
            "first_support_on": supported,
            "opened_on": opened_on,
        }
        case |= {"closed_on": last if states[-1] in ENDED else None}
        return case

    def add_plan(self, case: dict[str, Any]) -> None:
        draw = self.random
        ids = {"case_id": case["id"], "person_id": case["person_id"]}
        state = draw.choice(["draft", "active", "active", "completed"])
        began = self.day() if state != "draft" else None
        plan = self.add(
            "plans",
            **ids,
            number=1,
            state=state,
            activated=began,
            starts_on=case["opened_on"],
            sealed="\\x",
        )
        for number in range(1, draw.randrange(1, 5)):
            status = draw.choice(["proposed", "in_progress", "done", "done", "not_done"])
            one = self.add(
                "plan_recommendations",
                **ids,
                plan_id=plan["id"],
                number=number,
                state=status,
                sealed="\\x",
            )
            one |= {"due_on": self.day(), "ended": self.day() if "done" in status else None}
            one["sector"] = "health"
            one |= {"reason": draw.choice(REASONS) if status == "not_done" else None}
            one |= {"effect": draw.choice(EFFECTS) if status == "done" else None}
        for number in range(1, draw.randrange(1, 4) if state == "active" else 1):
            score = str(Decimal(draw.randrange(2500, 7500)) / 100)
            self.add(
                "plan_reviews",
                **ids,
                plan_id=plan["id"],
                number=number,
                held_on=self.day(),
                t_score=score,
            )

    def add_rest(self, case: dict[str, Any]) -> None:
        """Documents, referrals and support."""
        draw, ids = self.random, {"case_id": case["id"], "person_id": case["person_id"]}
        for _ in range(draw.randrange(4)):
            self.add("documents", person_id=case["person_id"], issued_on=self.day())
        for _ in range(draw.randrange(3)):
            sent, state = self.day(), draw.choice(OUTCOMES)
            closed = sent + timedelta(days=draw.randrange(60)) if state in {"completed", "declined"} else None
            self.add("referrals", **ids, sent_on=sent, state=state, closed=closed)
        for _ in range(draw.randrange(9)):
            annulled = "x" if draw.random() < 0.1 else None
            event = {
                "kind": draw.choice(KINDS),
                "minutes": draw.randrange(15, 120),
                "annulled_by": annulled,
            }
            self.add("support_events", **ids, occurred_on=self.day(), **event)


def drawn(terc: str, children: int, seed: int) -> County:
    """A county of so many children; some had a case before that was closed."""
    county = County(terc, Random(seed))  # noqa: S311 - drawn the same at every run
    for number in range(children):
        person = county.add("people", kind="born")
        if number % 6 == 0:
            before = county.add_case(person, date(2026, 1, 7))
            before |= {"state": "withdrawn", "closed_on": date(2026, 4, 9 + number % 5)}
            earlier = [step for step in county["case_steps"] if step["case_id"] == before["id"]]
            county.tables["case_steps"] = [step for step in county["case_steps"] if step not in earlier[1:]]
            county.add(
                "case_steps",
                **{**earlier[0], "number": 2, "state": "withdrawn", "day": before["closed_on"]},
            )
        case = county.add_case(person, county.day(date(2026, 4, 20) if number % 6 == 0 else date(2026, 1, 5)))
        county.add_plan(case)
        county.add_rest(case)
    return county


_FIXED: dict[str, dict[str, Any]] = {
    "people": {"sealed": "\\x"},
    "case_steps": {"verb": "x", "by": "x"},
    "plans": {"author": "x"},
    "plan_reviews": {
        "attainments": {},
        "conclusion": "continue",
        "recorded_by": "x",
        "sealed": "\\x",
    },
    "documents": {"kind": "medical_certificate", "recorded_by": "x", "sealed": "\\x"},
    "referrals": {"direction": "inbound", "due_on": "2026-12-01", "sent_by": "x"},
    "support_events": {
        "form": "consultation",
        "is_early_support": False,
        "delivered_by": "x",
        "sealed": "\\x",
    },
}
_INSTANTS = {"day": "at", "activated": "activated_at", "ended": "ended_at", "closed": "closed_at"}


def _stored(table: str, row: dict[str, Any]) -> dict[str, Any]:
    values = {**row, **_FIXED.get(table, {})}
    for name, column in _INSTANTS.items():
        if name in values:
            day = values.pop(name)
            values[column] = day and at(day)
    if table == "support_events":
        values |= {"institution_id": row["id"], "present": [row["person_id"]]}
        values["annulling_reason"] = "wrong_facts" if row["annulled_by"] else None
    if table == "case_steps":
        del values["id"]
    return values


async def store(client: httpx.AsyncClient, county: County) -> None:
    """Put the county's rows into the database."""
    async with app_of(client).state.database.change(EVERYWHERE) as work:
        for table, rows in county.tables.items():
            stored = [_stored(table, row) for row in rows]
            names = ", ".join(stored[0])
            sql = f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, :rows)"
            await work.execute(
                text(sql.replace(":rows", "CAST(:rows AS jsonb)")),
                {"rows": json.dumps(stored, default=str)},
            )
