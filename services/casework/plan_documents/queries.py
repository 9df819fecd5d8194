"""The data for the document of a plan."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from services.casework.case_members.queries import list_members
from services.casework.case_members.schemas import CaseMemberRead
from services.casework.cases.models import Case
from services.casework.cases.queries import CASES
from services.casework.people.queries import get_person
from services.casework.people.schemas import Identity
from services.casework.plan_documents.rules.documents import (
    Approval,
    Attainment,
    Coordinator,
    Goal,
    GoalSubject,
    PlanDocument,
    PlanSector,
    PlanState,
    Recommendation,
    RecommendationState,
    Review,
    Step,
    TeamMember,
)
from services.casework.plan_goals.schemas import GoalRead
from services.casework.plan_reviews.models import Review as HeldReview
from services.casework.plan_reviews.queries import list_reviews, opened
from services.casework.plan_steps.schemas import StepRead
from services.casework.plan_versions.queries import Contents, list_contents
from services.casework.plans.models import Plan
from services.casework.plans.queries import list_approvals
from services.casework.problems import CaseNotFound
from services.chassis.data.work import Reading
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import Language


class Texts(NamedTuple):
    """The texts that a document needs in addition to those that people wrote."""

    county: str
    coordinator: str
    guardian: str
    pupil: str
    team: str
    expected: str


TEXTS: dict[Language, Texts] = {
    "pl": Texts(
        "powiat {}",
        "koordynator sprawy",
        "opiekun",
        "uczeń",
        "zespół",
        "dziecko, na które czekacie",
    ),
    "en": Texts(
        "county {}",
        "coordinator of the case",
        "guardian",
        "pupil",
        "team",
        "the child you expect",
    ),
}


async def get_document(
    reading: Reading, plan: Plan, language: Language, today: date
) -> PlanDocument:
    """The data for the document of a version of a plan, as of a day."""
    # By its id alone: the plan is within reach, and the case is of the same child.
    case = await reading.instance(
        Case, select(CASES).where(CASES.c.id == plan.case_id), CaseNotFound
    )
    record = await get_person(reading, plan.person_id)
    contents = await list_contents(reading, plan)
    past_reviews = await list_reviews(reading, plan.id)
    members = [
        member
        # Without former members, who must not be called any more.
        for member in await list_members(reading, case.id)
        if member.left_at is None
    ]
    texts = TEXTS[language]
    return PlanDocument(
        child_first_name=record.identity.given_name or texts.expected,
        # No family name: a page left lying about must not reveal whose child it is.
        child_initials=_initials(record.identity),
        county=texts.county.format(plan.county_terc),
        number=case.number,
        version=plan.number,
        state=PlanState(plan.state),
        as_of=today,
        coordinator=_coordinator(case, members, texts),
        valid_from=plan.starts_on,
        valid_to=plan.ends_on,
        team=tuple(_member(member) for member in members),
        goals=tuple(_goal(goal, past_reviews) for goal in contents.goals),
        recommendations=tuple(_recommendations(contents)),
        # Without skipped steps, which a family would wait for.
        steps=tuple(_step(step) for step in contents.steps if step.state != "skipped"),
        reviews=tuple(_reviews(plan, record.key, past_reviews)),
        approvals=tuple(await _approvals(reading, plan, members, texts)),
    )


def _initials(identity: Identity) -> str:
    names = (identity.given_name, identity.family_name)
    return "".join(f"{name[0]}." for name in names if name)


def _coordinator(
    case: Case, members: Sequence[CaseMemberRead], texts: Texts
) -> Coordinator:
    """The coordinator of the case, with name and telephone where the coordinator is in
    its team.
    """
    for member in members:
        if member.subject == case.coordinator:
            telephone = member.telephone or ""
            # Without the institution's name, which is in the registry: a document must
            # not wait for another service.
            return Coordinator(member.display_name, member.profession, "", telephone)
    # The account is not printed as a name.
    return Coordinator(texts.coordinator, "", "", "")


def _member(member: CaseMemberRead) -> TeamMember:
    sector = PlanSector(member.sector.value)
    return TeamMember(member.display_name, member.profession, sector)


def _goal(goal: GoalRead, past_reviews: Sequence[HeldReview]) -> Goal:
    levels = goal.levels or [""] * 5
    rated = [
        Attainment(review.held_on, review.attainments[str(goal.id)])
        for review in past_reviews
        if str(goal.id) in review.attainments
    ]
    return Goal(
        GoalSubject(goal.subject.value),
        goal.text or "",
        goal.indicator or "",
        # The scale begins at -2 and the list at 0.
        levels[goal.baseline + 2],
        levels[2],
        tuple(rated),
    )


def _recommendations(contents: Contents) -> list[Recommendation]:
    return [
        Recommendation(
            recommendation.text or "",
            PlanSector(recommendation.sector.value),
            "",
            RecommendationState(recommendation.state.value),
            recommendation.due_on,
            effect=recommendation.note or "",
        )
        for recommendation in contents.recommendations
    ]


def _step(step: StepRead) -> Step:
    return Step(
        step.text or "",
        step.done_on or step.due_on,
        step.who or "",
        step.telephone or "",
        step.place or "",
    )


def _reviews(
    plan: Plan, key: bytes, past_reviews: Sequence[HeldReview]
) -> list[Review]:
    """The reviews that were held, and the next planned one."""
    past = [
        Review(review.held_on, opened(review, key).note or "")
        for review in past_reviews
    ]
    ahead = [Review(plan.review_due_on)] if plan.review_due_on is not None else []
    return [*past, *ahead]


async def _approvals(
    reading: Reading,
    plan: Plan,
    members: Sequence[CaseMemberRead],
    texts: Texts,
) -> list[Approval]:
    """The approvals: members of the team by name, the family only by its role."""
    names = {member.subject: member.display_name for member in members}
    sides = {"guardian": texts.guardian, "pupil": texts.pupil, "team": texts.team}
    return [
        Approval(
            names.get(approval.subject, sides[approval.side]),
            sides[approval.side],
            approval.approved_at.astimezone(CIVIL_TIME).date(),
        )
        for approval in await list_approvals(reading, plan.id)
    ]


def file_name(document: PlanDocument) -> str:
    """The file name, which must not identify the child."""
    # A slash in the name would be read as a folder.
    return f"plan-{document.number.replace('/', '-')}-{document.version}.pdf"
