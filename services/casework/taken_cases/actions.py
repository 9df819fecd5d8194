"""A case that was judged by the rules, and is written with all that belongs to it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert

from services.casework.assessments.models import Assessment
from services.casework.assessments.rules.life import AssessmentState
from services.casework.case_members.actions import TEAM
from services.casework.case_members.models import CaseMember
from services.casework.case_members.schemas import CaseMemberAdd
from services.casework.cases.actions import OPENED, next_number
from services.casework.cases.actions import record_change as record_case
from services.casework.cases.models import Case, CaseStep
from services.casework.cases.rules import CaseState
from services.casework.consents.actions import record_change as record_consent
from services.casework.consents.models import Consent
from services.casework.consents.rules import EXCEPTIONS, Basis, Purpose
from services.casework.guardianships.actions import insert_guardianship
from services.casework.guardianships.rules import GuardianshipKind, Scope
from services.casework.guardianships.schemas import GuardianshipCreate
from services.casework.laws.rules.days import months_after
from services.casework.laws.rules.values import LAWS, in_force
from services.casework.people.actions import insert_person
from services.casework.people.queries import KnownPerson
from services.casework.people.rules import PersonKind
from services.casework.taken_cases.queries import list_new_ids
from services.casework.taken_cases.rules import Days, steps
from services.casework.taken_cases.schemas import (
    TakenAssessment,
    TakenCase,
    TakenConsent,
    TakenPerson,
)
from services.casework.taken_plans.actions import (
    ACTION,
    BEFORE_PARTS,
    CaseToWrite,
    write_plan,
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


async def write_case(change: Change, taken: TakenCase, days: Days) -> Made:
    """Write a case with its child, parent, consent, team, assessment, plan and reviews;
    the day of each is that on which it happened, and the caller is who entered it.
    """
    child = await _write_person(change, taken, taken.child)
    guardian = await _write_person(change, taken, taken.guardian)
    await _begin_guardianship(change, child, guardian.person.id)
    plan = taken.plan
    parts = len(plan.goals) + len(plan.recommendations) + len(taken.reviews)
    ids = await list_new_ids(change, BEFORE_PARTS + parts)
    case = CaseToWrite(change, taken.county_terc, child, guardian.person.id, ids)
    await _write_case(case, taken, days)
    await _write_team(case, taken.team, days.assessed_on)
    await _write_consent(case, taken.consent)
    await _write_assessment(case, taken.assessment)
    await write_plan(case, plan, taken.reviews)
    return Made(case.case_id, child.person.id, case.plan_id)


async def _write_person(
    change: Change, taken: TakenCase, person: TakenPerson
) -> KnownPerson:
    facts = {"county_terc": taken.county_terc, "kind": PersonKind.BORN}
    return await insert_person(change, person.model_dump() | facts)


async def _begin_guardianship(
    change: Change, child: KnownPerson, guardian_id: UUID
) -> None:
    new = GuardianshipCreate(
        child_id=child.person.id,
        guardian_id=guardian_id,
        kind=GuardianshipKind.PARENTAL_FULL,
        starts_on=child.identity.born_on or date.min,
    )
    await insert_guardianship(change, child, new, [*Scope])


async def _write_case(case: CaseToWrite, taken: TakenCase, days: Days) -> None:
    change = case.change
    subject = change.caller.subject
    way = [*steps(days)]
    months = in_force(LAWS.reaction, way[-1].on).review_months
    values = case.of_county | {
        "id": case.case_id,
        "number": await next_number(change, taken.county_terc, taken.opened_on),
        "track": taken.track,
        "state": way[-1].state,
        "coordinator": taken.coordinator or subject,
        "institution_id": taken.institution_id,
        "first_contact_on": taken.first_contact_on,
        "opened_on": taken.opened_on,
        "review_due_on": months_after(way[-1].on, months),
        "sealed": case.sealed("cases", case.case_id, {"reason": taken.reason}),
    }
    await change.execute(insert(Case).values(**values))
    told = [(OPENED, CaseState.DRAFT, taken.opened_on), *way]
    rows = [
        case.of_county
        | {"case_id": case.case_id, "number": number, "verb": verb, "state": state}
        # Of several on one day the history is to have the order.
        | {"by": subject, "at": civil_midnight(day) + timedelta(microseconds=number)}
        for number, (verb, state, day) in enumerate(told, 1)
    ]
    await change.execute(insert(CaseStep).values(rows))
    record_case(change, ACTION, Case(**values), "opened", track=taken.track.value)


async def _write_team(
    case: CaseToWrite, team: Sequence[CaseMemberAdd], joined_on: date
) -> None:
    joined_at = civil_midnight(joined_on)
    rows = [
        member.model_dump()
        | case.of_county
        | {"case_id": case.case_id, "joined_at": joined_at}
        for member in team
    ]
    await case.change.execute(insert(CaseMember).values(rows))
    await write_relations(
        case.change,
        [
            Relation(account_holder(member.subject), TEAM, each, case.county_terc)
            for member in team
            for each in (case.case_id, case.child.person.id)
        ],
    )


async def _write_consent(case: CaseToWrite, consent: TakenConsent) -> None:
    consent_id = case.ids[2]
    written = {"act": None, "evidence": consent.evidence}
    values = case.of_county | {
        "id": consent_id,
        "basis": Basis.CONSENT,
        "exception": EXCEPTIONS[Basis.CONSENT],
        "purpose": Purpose.CASEWORK,
        "categories": consent.categories,
        "given_by_id": case.guardian_id,
        "valid_from": consent.given_on,
        "recorded_by": case.change.caller.subject,
        "sealed": case.sealed("consents", consent_id, written),
    }
    await case.change.execute(insert(Consent).values(**values))
    record_consent(case.change, ACTION, Consent(**values), "recorded")


async def _write_assessment(case: CaseToWrite, told: TakenAssessment) -> None:
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
    await case.change.execute(insert(Assessment).values(**values))
