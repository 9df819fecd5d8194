"""The story of a family, second part: it is assessed, and a plan is made with it and carried out."""

from tests.casework.assessments.asks import CONTENT
from tests.casework.cases.made import SECTORS
from tests.journeys import supported as people
from tests.journeys.stories import Act, Made
from tests.journeys.supported import COORDINATOR, MOTHER, REMARK, SupportStory, today
from tests.support.callers import OWN_INSTITUTION

LEVELS = ["żadnego", "jeden", "dwa", "trzy", "uczą dziadków"]
GOAL: Made = {"subject": "child", "text": REMARK, "indicator": REMARK, "levels": LEVELS}
ACCOUNTS = dict(zip(SECTORS, ("pielegniarka", "logopedka", "pracowniczka"), strict=True))


async def assess(story: SupportStory, case: str) -> None:
    """A team of three sectors is called in, and one of it assesses the child: difficulties and strengths."""
    consulting = Act(f"{case}/consult-team", {}, case)
    lacking = await story.lacking(consulting, people.CASES, "case-not-ready")
    assert lacking == ["assessment", "team_health", "team_education", "team_social_assistance"]
    member = {"display_name": "Ktoś", "profession": "specjalista", "institution_id": OWN_INSTITUTION}
    members = [member | {"sector": sector, "subject": subject} for sector, subject in ACCOUNTS.items()]
    for each in members:
        await story.do(Act(f"{case}/members", each), people.TEAMS, "case-member.joined")
    await story.too_early(Act(f"{case}/members", members[0]), people.TEAMS, "already-in-team")
    assert await story.lacking(consulting, people.CASES, "case-not-ready") == ["assessment"]
    findings = CONTENT | {"strengths": []}
    draft = {"case_id": case.rpartition("/")[2], "assessed_on": today(), "sector": "education", **findings}
    made = await story.do(Act("/assessments", draft), people.NEW_ASSESSMENTS, "assessment.drafted")
    one = f"/assessments/{made['id']}"
    complete = Act(f"{one}/complete", None, one)
    assert await story.lacking(complete, people.ASSESSMENTS, "assessment-not-ready") == ["strength"]
    whole = Act(one, {"strengths": CONTENT["strengths"]}, one, "PATCH")
    await story.do(whole, people.ASSESSMENTS, "assessment.changed")
    await story.do(complete, people.ASSESSMENTS, "assessment.completed")
    await story.twice(complete, people.ASSESSMENTS, "completed")
    await story.do(consulting, people.CASES, "case.team_consultation")
    await story.twice(consulting, people.CASES, "team_consultation")


async def draft_plan(story: SupportStory, case: str) -> str:
    """The address of a plan that is proposed once it has a goal for the family and says what is to be done."""
    new = Act("/plans", {"case_id": case.rpartition("/")[2], "starts_on": today(), "summary": REMARK})
    plan = f"/plans/{(await story.do(new, people.NEW_PLANS, 'plan.drafted'))['id']}"
    story.watched.append(plan)
    await story.too_early(new, people.NEW_PLANS, "plan-already-drafted")
    propose = Act(f"{plan}/propose", None, plan)
    lacking = await story.lacking(propose, people.PLANS, "plan-not-ready")
    assert lacking == ["goal", "family_goal", "recommendation"]
    await story.do(Act(f"{plan}/goals", GOAL), people.PLANS, "plan-goal.added")
    assert await story.lacking(propose, people.PLANS, "plan-not-ready") == ["family_goal", "recommendation"]
    await story.do(Act(f"{plan}/goals", GOAL | {"subject": "family", "baseline": -2}), people.PLANS, "plan-goal.added")
    for sector in ("education", "health"):
        advice = {"text": REMARK, "sector": sector, "due_on": today()}
        await story.do(Act(f"{plan}/recommendations", advice), people.PLANS, "plan-recommendation.added")
    await story.do(propose, people.PLANS, "plan.proposed")
    await story.twice(propose, people.PLANS, "proposed")
    return plan


async def agree(story: SupportStory, case: str, plan: str) -> None:
    """The mother and somebody of the team approve, each once, and only then is the plan carried out."""
    approve, activate = Act(f"{plan}/approve", {}, plan), Act(f"{plan}/activate", None, plan)
    await story.twice(activate, people.ACTIVATIONS, "proposed")
    agreed, start = Act(f"{case}/agree-plan", {}, case), Act(f"{case}/start", {}, case)
    assert (await story.ask(approve, COORDINATOR)).json()["missing"] == ["guardian_approval", "team_approval"]
    story.told.append("casework.plan.approval-given")
    half = await story.do(approve, people.BY_FAMILY, "plan.approval-given")
    assert half["missing"] == ["team_approval"], "who has written it does not approve it alone"
    await story.too_early(approve, people.BY_FAMILY, "duplicate")
    assert await story.lacking(agreed, people.CASES, "case-not-ready") == ["approved_plan"]
    whole = await story.do(approve, people.BY_TEAM, "plan.approved")
    assert [each["side"] for each in whole["approvals"]] == ["team", "guardian", "team"]
    await story.twice(approve, people.BY_TEAM, "approved")
    await story.do(agreed, people.CASES, "case.plan_agreed")
    assert await story.lacking(start, people.CASES, "case-not-ready") == ["active_plan"]
    await story.do(activate, people.ACTIVATIONS, "plan.activated")
    await story.twice(activate, people.ACTIVATIONS, "active")
    await story.do(start, people.CASES, "case.in_progress")
    await story.twice(start, people.CASES, "in_progress")
    assert (await story.read(plan, MOTHER))["state"] == "active"


async def follow_recommendations(story: SupportStory, plan: str) -> None:
    """One recommendation is done and says what it brought; another is given up, for a reason."""
    first, second = [f"{plan}/recommendations/{one['id']}" for one in (await story.read(plan))["recommendations"]]

    async def step(path: str, verb: str, body: Made | None = None) -> Act:
        [one] = [one for one in (await story.read(plan))["recommendations"] if path.endswith(one["id"])]
        return Act(f"{path}/{verb}", body or {}, one)

    await story.twice(await step(first, "complete"), people.PLANS, "proposed")
    for verb, told in (("accept", "accepted"), ("start", "in_progress")):
        await story.do(await step(first, verb), people.PLANS, f"plan-recommendation.{told}")
    done = {"effect": "partial", "note": REMARK}
    await story.do(await step(first, "complete", done), people.PLANS, "plan-recommendation.done")
    await story.twice(await step(first, "complete", done), people.PLANS, "done")
    await story.too_early(await step(second, "give-up"), people.PLANS, "validation-failed", 422)
    given_up = {"reason": "no_capacity"}
    await story.do(await step(second, "give-up", given_up), people.PLANS, "plan-recommendation.not_done")


async def review(story: SupportStory, case: str, plan: str) -> None:
    """The round is reviewed: every goal is rated, and the score is of them all."""
    await story.do(Act(f"{case}/review", {}, case), people.CASES, "case.under_review")
    await story.twice(Act(f"{case}/review", {}, case), people.CASES, "under_review")
    goals = [goal["id"] for goal in (await story.read(plan))["goals"]]
    rated = [{"goal_id": goal, "level": level} for goal, level in zip(goals, (1, 0), strict=True)]
    held = {"held_on": today(), "conclusion": "finish", "note": REMARK}
    half = Act(f"{plan}/reviews", held | {"attainments": rated[:1]})
    await story.too_early(half, people.REVIEWS, "validation-failed", 422)
    whole = Act(f"{plan}/reviews", held | {"attainments": rated})
    # 50 + 10 * (1 + 0) / sqrt(.7 * 2 + .3 * 4), by hand
    assert (await story.do(whole, people.REVIEWS, "plan-review.recorded"))["t_score"] == "56.20"
