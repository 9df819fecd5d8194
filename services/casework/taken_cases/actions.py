"""Cases that were judged by the rules, written with all that belongs to them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert

from services.casework.assessments.models import Assessment
from services.casework.assessments.rules.life import AssessmentState
from services.casework.case_members.actions import TEAM
from services.casework.case_members.models import CaseMember
from services.casework.case_members.schemas import CaseMemberAdd
from services.casework.cases.actions import OPENED, next_numbers
from services.casework.cases.actions import record_change as record_case
from services.casework.cases.models import Case, CaseStep
from services.casework.cases.rules import CaseState
from services.casework.consents.actions import record_change as record_consent
from services.casework.consents.models import Consent
from services.casework.consents.rules import EXCEPTIONS, ConsentBasis, Purpose
from services.casework.guardianships.actions import record_change as record_guardianship
from services.casework.guardianships.models import Guardianship
from services.casework.guardianships.rules import GuardianshipKind, Scope
from services.casework.laws.rules.days import months_after
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.people.actions import insert_people
from services.casework.people.rules import PersonKind
from services.casework.plan_goals.models import Goal
from services.casework.plan_recommendations.models import Recommendation
from services.casework.plan_reviews.models import Review
from services.casework.plans.models import Plan, PlanApproval
from services.casework.taken_cases.rules import Days, steps
from services.casework.taken_cases.schemas import (
    TakenAssessment,
    TakenCase,
    TakenConsent,
)
from services.casework.taken_plans.actions import (
    ACTION,
    BEFORE_PARTS,
    CaseToWrite,
    Tables,
    add_plan,
)
from services.chassis.data.relating import Relation, write_relations
from services.chassis.data.work import Change
from services.chassis.ground.clock import civil_midnight
from services.chassis.trust.relations import account_holder


class Made(NamedTuple):
    """What a case that was taken over is found by."""

    case_id: UUID
    person_id: UUID
    plan_id: UUID


_ORDER = (
    Guardianship,
    Case,
    CaseStep,
    CaseMember,
    Consent,
    Assessment,
    Plan,
    PlanApproval,
    Goal,
    Recommendation,
    Review,
)
"""The tables, each after those that it refers to."""
_MOST_VALUES = 20_000
"""Of one statement: PostgreSQL takes 32,767 parameters."""


async def write_cases(
    change: Change, taken: Sequence[tuple[TakenCase, Days]]
) -> list[Made]:
    """Write cases with child, parent, consent, team, assessment, plan and reviews; the
    day of each is that on which it happened, and the caller is who entered it.

    All at once, table by table: nothing that follows from one case is asked of another.
    """
    people = [
        person.model_dump() | {"county_terc": case.county_terc, "kind": PersonKind.BORN}
        for case, _ in taken
        for person in (case.child, case.guardian)
    ]
    known = iter(await insert_people(change, people))
    ids = iter(await change.new_ids(sum(_ids_of(case) for case, _ in taken)))
    numbers = await _numbers(change, [case for case, _ in taken])
    tables, made = Tables(list), []
    for (case, days), number in zip(taken, numbers, strict=True):
        child, guardian = next(known), next(known)
        own = [*islice(ids, _ids_of(case))]
        one = CaseToWrite(
            change, tables, case.county_terc, child, guardian.person.id, own
        )
        _add_guardianship(one)
        _add_case(one, case, days, number)
        _add_team(one, case.team, days.assessed_on)
        _add_consent(one, case.consent)
        _add_assessment(one, case.assessment)
        add_plan(one, case.plan, case.reviews)
        made.append(Made(one.case_id, child.person.id, one.plan_id))
    for table in _ORDER:
        for rows in _portions(tables[table]):
            await change.execute(insert(table).values(rows))
    await _relate_teams(change, tables[CaseMember])
    return made


def _ids_of(case: TakenCase) -> int:
    parts = len(case.plan.goals) + len(case.plan.recommendations) + len(case.reviews)
    return BEFORE_PARTS + parts


def _portions(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    many = _MOST_VALUES // len(rows[0]) if rows else 1
    for first in range(0, len(rows), many):
        yield rows[first : first + many]


async def _numbers(change: Change, cases: Sequence[TakenCase]) -> list[str]:
    """A number for each case, of its county and year."""
    series = Counter((case.county_terc, case.opened_on.year) for case in cases)
    drawn = {
        # In one order: two batches that draw of the same series wait, and never deadlock.
        (county, year): iter(await next_numbers(change, county, date(year, 1, 1), many))
        for (county, year), many in sorted(series.items())
    }
    return [next(drawn[case.county_terc, case.opened_on.year]) for case in cases]


def _add_guardianship(case: CaseToWrite) -> None:
    row_id, child = case.ids[4], case.child
    values: dict[str, Any] = {
        "id": row_id,
        "county_terc": case.county_terc,
        "child_id": child.person.id,
        "guardian_id": case.guardian_id,
        "kind": GuardianshipKind.PARENTAL_FULL,
        "scopes": sorted(Scope),
        "starts_on": child.identity.born_on,
        "sealed": case.sealed("guardianships", row_id, {"ruling": None}),
    }
    case.add(Guardianship, values)
    record_guardianship(case.change, ACTION, Guardianship(**values), "begun")


def _add_case(
    case: CaseToWrite, taken: TakenCase, days: Days, case_number: str
) -> None:
    change = case.change
    subject = change.caller.subject
    way = [*steps(days)]
    months = in_force(LAWS.reaction, way[-1].on).review_months
    values = case.of_county | {
        "id": case.case_id,
        "number": case_number,
        "track": taken.track,
        "state": way[-1].state,
        "coordinator": taken.coordinator or subject,
        "institution_id": taken.institution_id,
        "first_contact_on": taken.first_contact_on,
        "opened_on": taken.opened_on,
        "review_due_on": months_after(way[-1].on, months),
        "sealed": case.sealed("cases", case.case_id, {"reason": taken.reason}),
    }
    case.add(Case, values)
    taken_steps = [(OPENED, CaseState.DRAFT, taken.opened_on), *way]
    rows = [
        case.of_county
        | {"case_id": case.case_id, "number": number, "verb": verb, "state": state}
        # Of several on one day the history is to have the order.
        | {"by": subject, "at": civil_midnight(day) + timedelta(microseconds=number)}
        for number, (verb, state, day) in enumerate(taken_steps, 1)
    ]
    case.add(CaseStep, *rows)
    record_case(change, ACTION, Case(**values), "opened", track=taken.track.value)


def _add_team(
    case: CaseToWrite, team: Sequence[CaseMemberAdd], joined_on: date
) -> None:
    of_case = {"case_id": case.case_id, "joined_at": civil_midnight(joined_on)}
    rows = [member.model_dump() | case.of_county | of_case for member in team]
    case.add(CaseMember, *rows)


async def _relate_teams(change: Change, members: Sequence[dict[str, Any]]) -> None:
    """Who is in a team sees the case and the child."""
    relations = [
        Relation(account_holder(one["subject"]), TEAM, object_id, one["county_terc"])
        for one in members
        for object_id in (one["case_id"], one["person_id"])
    ]
    many = _MOST_VALUES // len(Relation._fields)
    for first in range(0, len(relations), many):
        await write_relations(change, relations[first : first + many])


def _add_consent(case: CaseToWrite, consent: TakenConsent) -> None:
    consent_id = case.ids[2]
    written = {"act": None, "evidence": consent.evidence}
    values = case.of_county | {
        "id": consent_id,
        "basis": ConsentBasis.CONSENT,
        "exception": EXCEPTIONS[ConsentBasis.CONSENT],
        "purpose": Purpose.CASEWORK,
        "categories": consent.categories,
        "given_by_id": case.guardian_id,
        "valid_from": consent.given_on,
        "recorded_by": case.change.caller.subject,
        "sealed": case.sealed("consents", consent_id, written),
    }
    case.add(Consent, values)
    record_consent(case.change, ACTION, Consent(**values), "recorded")


def _add_assessment(case: CaseToWrite, told: TakenAssessment) -> None:
    row_id = case.ids[3]
    content = told.model_dump(mode="json", include={"findings", "strengths", "needs"})
    values = case.of_county | {
        "id": row_id,
        "case_id": case.case_id,
        "kind": "functional",
        "state": AssessmentState.COMPLETED,
        "assessed_on": told.assessed_on,
        "assessor": told.assessor,
        "sector": told.sector,
        "screening_id": told.screening_id,
        "completed_at": civil_midnight(told.assessed_on),
        "sealed": case.sealed(
            "assessments", row_id, {**content, "annulled_because": None}
        ),
    }
    case.add(Assessment, values)
