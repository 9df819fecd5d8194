"""Writing imported cases, already checked, with all their records."""

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


class CaseIds(NamedTuple):
    """The ids of an imported case."""

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
"""The tables, each after the tables that it refers to."""
_MOST_VALUES = 20_000
"""The limit of one statement: PostgreSQL allows 32,767 parameters."""


async def write_cases(
    change: Change, cases: Sequence[tuple[TakenCase, Days]]
) -> list[CaseIds]:
    """Write cases with child, parent, consent, team, assessment, plan and reviews. Each
    record has its original day, and the caller as the person who entered it.

    All cases at once, table by table, which is possible
    because no case depends on another.
    """
    people = [
        person.model_dump() | {"county_terc": case.county_terc, "kind": PersonKind.BORN}
        for case, _ in cases
        for person in (case.child, case.guardian)
    ]
    new_records = iter(await insert_people(change, people))
    ids = iter(await change.new_ids(sum(_ids_of(case) for case, _ in cases)))
    numbers = await _numbers(change, [case for case, _ in cases])
    tables, ids_of_cases = Tables(list), []
    for (case, days), number in zip(cases, numbers, strict=True):
        child, guardian = next(new_records), next(new_records)
        own = [*islice(ids, _ids_of(case))]
        case_to_write = CaseToWrite(
            change, tables, case.county_terc, child, guardian.person.id, own
        )
        _add_guardianship(case_to_write)
        _add_case(case_to_write, case, days, number)
        _add_team(case_to_write, case.team, days.assessed_on)
        _add_consent(case_to_write, case.consent)
        _add_assessment(case_to_write, case.assessment)
        add_plan(case_to_write, case.plan, case.reviews)
        ids_of_cases.append(
            CaseIds(case_to_write.case_id, child.person.id, case_to_write.plan_id)
        )
    for table in _ORDER:
        for rows in _portions(tables[table]):
            await change.execute(insert(table).values(rows))
    await _relate_teams(change, tables[CaseMember])
    return ids_of_cases


def _ids_of(case: TakenCase) -> int:
    parts = len(case.plan.goals) + len(case.plan.recommendations) + len(case.reviews)
    return BEFORE_PARTS + parts


def _portions(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    many = _MOST_VALUES // len(rows[0]) if rows else 1
    for first in range(0, len(rows), many):
        yield rows[first : first + many]


async def _numbers(change: Change, cases: Sequence[TakenCase]) -> list[str]:
    """A number for each case, in the series of its county and year."""
    series = Counter((case.county_terc, case.opened_on.year) for case in cases)
    drawn = {
        # In a fixed order, so that two batches with the same series wait
        # and cannot deadlock.
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
    case: CaseToWrite, case_facts: TakenCase, days: Days, case_number: str
) -> None:
    change = case.change
    subject = change.caller.subject
    later_steps = [*steps(days)]
    months = in_force(LAWS.reaction, later_steps[-1].on).review_months
    values = case.of_county | {
        "id": case.case_id,
        "number": case_number,
        "track": case_facts.track,
        "state": later_steps[-1].state,
        "coordinator": case_facts.coordinator or subject,
        "institution_id": case_facts.institution_id,
        "first_contact_on": case_facts.first_contact_on,
        "opened_on": case_facts.opened_on,
        "review_due_on": months_after(later_steps[-1].on, months),
        "sealed": case.sealed("cases", case.case_id, {"reason": case_facts.reason}),
    }
    case.add(Case, values)
    history = [(OPENED, CaseState.DRAFT, case_facts.opened_on), *later_steps]
    rows = [
        case.of_county
        | {"case_id": case.case_id, "number": number, "verb": verb, "state": state}
        # Microseconds keep the order of several steps on one day.
        | {"by": subject, "at": civil_midnight(day) + timedelta(microseconds=number)}
        for number, (verb, state, day) in enumerate(history, 1)
    ]
    case.add(CaseStep, *rows)
    record_case(change, ACTION, Case(**values), "opened", track=case_facts.track.value)


def _add_team(
    case: CaseToWrite, team: Sequence[CaseMemberAdd], joined_on: date
) -> None:
    of_case = {"case_id": case.case_id, "joined_at": civil_midnight(joined_on)}
    rows = [member.model_dump() | case.of_county | of_case for member in team]
    case.add(CaseMember, *rows)


async def _relate_teams(change: Change, members: Sequence[dict[str, Any]]) -> None:
    """Relate the members of teams to the case and the child."""
    relations = [
        Relation(
            account_holder(member["subject"]), TEAM, object_id, member["county_terc"]
        )
        for member in members
        for object_id in (member["case_id"], member["person_id"])
    ]
    many = _MOST_VALUES // len(Relation._fields)
    for first in range(0, len(relations), many):
        await write_relations(change, relations[first : first + many])


def _add_consent(case: CaseToWrite, consent: TakenConsent) -> None:
    consent_id = case.ids[2]
    text_fields = {"act": None, "evidence": consent.evidence}
    values = case.of_county | {
        "id": consent_id,
        "basis": ConsentBasis.CONSENT,
        "exception": EXCEPTIONS[ConsentBasis.CONSENT],
        "purpose": Purpose.CASEWORK,
        "categories": consent.categories,
        "given_by_id": case.guardian_id,
        "valid_from": consent.given_on,
        "recorded_by": case.change.caller.subject,
        "sealed": case.sealed("consents", consent_id, text_fields),
    }
    case.add(Consent, values)
    record_consent(case.change, ACTION, Consent(**values), "recorded")


def _add_assessment(case: CaseToWrite, assessment: TakenAssessment) -> None:
    row_id = case.ids[3]
    content = assessment.model_dump(
        mode="json", include={"findings", "strengths", "needs"}
    )
    values = case.of_county | {
        "id": row_id,
        "case_id": case.case_id,
        "kind": "functional",
        "state": AssessmentState.COMPLETED,
        "assessed_on": assessment.assessed_on,
        "assessor": assessment.assessor,
        "sector": assessment.sector,
        "screening_id": assessment.screening_id,
        "completed_at": civil_midnight(assessment.assessed_on),
        "sealed": case.sealed(
            "assessments", row_id, {**content, "annulled_because": None}
        ),
    }
    case.add(Assessment, values)
