"""An authority on its whole path, with the clock moved: each step too early is refused with what is missing."""

from typing import Any

import httpx
import pytest

from tests.support.problems import assert_problem
from tests.training.authorities.made import DECIDER, WRITER, Work, read, recruited, set_day, staff, team_of
from tests.training.authorities.paths import MONTHLY, TASK, Path, hold_session
from tests.training.diagnoses.made import content
from tests.training.groups.made import Made, add_group, enrol, move, post, send
from tests.training.strategic_plans.made import EVERYBODY, consult, plan


async def train(path: Path, patch: pytest.MonkeyPatch, absent: int = 0, *, make_up: bool = False) -> list[Made]:
    """A team of three that completes a group on 30 June 2026; so many of them missed its session."""
    client = path.client
    set_day(patch, "2026-01-05")
    team = await team_of(client, path.authority)
    told = await path.refused("confirm-training")
    assert told["missing"] == ["completed_training"]
    assert told["not_completed"] == [each["id"] for each in team]
    group = await add_group(client, path.authority["programme"])
    trainer = await read(client, f"/trainers/{group['trainer_ids'][0]}")
    await send(client, f"/trainers/{trainer['id']}/account", {"account": "path-trainer"}, trainer, "PUT")
    for each in team:
        await enrol(client, group, each)
    set_day(patch, "2026-03-03")
    group = await move(client, await read(client, f"/groups/{group['id']}"), "start")
    session = await hold_session(path, group, team[absent:], team[:absent])
    if make_up:
        await hold_session(path, group, team[:absent], [], session)
    set_day(patch, "2026-06-30")
    await move(client, await read(client, f"/groups/{group['id']}"), "complete")
    return team


async def check_in(path: Path, patch: pytest.MonkeyPatch, kind: str, planned: Made) -> Work:
    """A check-in that the team submits on its last day and the manager accepts."""
    set_day(patch, planned["due_on"])
    begun = await post(
        path.client,
        f"{path.url}/check-ins",
        {**MONTHLY, "kind": kind, "number": planned["number"]},
        headers=WRITER,
    )
    work = Work(path.client, path.authority, f"check-ins/{begun['id']}")
    await work.do("submit")
    await work.do("accept", headers=DECIDER)
    return work


async def become_trained(path: Path, patch: pytest.MonkeyPatch) -> None:
    """The step that begins the twelve months of advice."""
    assert (await path.refused("confirm-training"))["missing"] == ["complete_team"]
    for verb in ("confirm-diagnosis", "confirm-plan", "confirm-monitoring", "confirm-post-project-monitoring"):
        refused = assert_problem(await path.step(verb), 409, "state-conflict")
        assert (refused["state"], refused["allowed"]) == ("recruited", ["confirm-training", "withdraw"])
    await train(path, patch)
    adviser = {"account": "path-adviser"}
    await send(path.client, f"{path.url}/adviser", adviser, await read(path.client, path.url), "PUT")
    too_early = assert_problem(await path.visit("2026-06-30"), 409, "outside-advisory-window")
    assert too_early["window_starts_on"] is None
    set_day(patch, "2026-08-10")
    trained = await path.taken("confirm-training")
    # The window begins with the training, not with its confirmation six weeks later.
    assert (trained["advisory_starts_on"], trained["advisory_ends_on"]) == ("2026-06-30", "2027-06-29")
    assert (await path.visit("2026-08-10")).status_code == 201


async def become_diagnosed(path: Path) -> None:
    """The step that needs an accepted diagnosis."""
    assert (await path.refused("confirm-diagnosis"))["missing"] == ["accepted_diagnosis"]
    diagnosis = Work(path.client, path.authority, "diagnosis")
    await diagnosis.begin(content(equipment=[], recommendations=[]))
    assert (await path.refused("confirm-diagnosis"))["sections"] == ["equipment", "recommendations"]
    await diagnosis.do("", content(), method="PUT")
    await diagnosis.do("submit")
    assert (await path.refused("confirm-diagnosis"))["missing"] == ["accepted_diagnosis"]
    await diagnosis.do("accept", headers=DECIDER)
    await path.taken("confirm-diagnosis")


async def become_planned(path: Path) -> Work:
    """The step that needs an adopted plan."""
    told = await path.refused("confirm-plan")
    assert (told["missing"], told["unanswered"]) == (["adopted_plan", "answers_to_recommendations"], ["R1", "R2"])
    strategic_plan = Work(path.client, path.authority, "strategic-plan")
    await strategic_plan.begin(plan())
    await consult(path.client, path.authority, "2026-08-09", **EVERYBODY | {"employers": 0, "ngos": 0})
    await strategic_plan.do("consult")
    assert (await path.refused("confirm-plan"))["missing"] == ["adopted_plan"]
    await strategic_plan.do("adopt", {"resolution": "XII/98/2026", "adopted_on": "2026-08-10"})
    await path.taken("confirm-plan")
    return strategic_plan


async def become_implementing(path: Path, strategic_plan: Work, patch: pytest.MonkeyPatch) -> None:
    """The step that begins the twelve months of monitoring."""
    set_day(patch, "2027-07-15")
    late = assert_problem(await path.visit("2027-06-30"), 409, "outside-advisory-window")
    assert (late["window_starts_on"], late["window_ends_on"]) == ("2026-06-30", "2027-06-29")
    told = await path.refused("confirm-implementation", TASK)
    assert told["missing"] == ["started_measure", "consultation_of_every_group"]
    assert told["not_consulted"] == ["employers", "ngos"]
    await strategic_plan.do("measures/D1/start", {"started_on": "2027-07-01"})
    await consult(path.client, path.authority, "2027-07-02", employers=2, ngos=1)
    answer = await path.step("confirm-implementation", TASK | {"task_ends_on": "2027-07-14"})
    assert answer.json()["errors"][0]["code"] == "outside_dates"
    started = await path.taken("confirm-implementation", TASK)
    assert (started["monitoring_starts_on"], started["monitoring_ends_on"]) == ("2027-07-15", "2028-07-14")
    # The task ends in June 2028, the authority's own twelve months two weeks later: both are kept.
    assert (started["task_ends_on"], started["outlasts_task"]) == ("2028-06-30", True)
    # Two years after the project, which ends with 2030.
    assert (started["post_project_starts_on"], started["post_project_ends_on"]) == ("2031-01-01", "2032-12-31")


async def become_monitored(path: Path, kind: str, schedule: list[Made], patch: pytest.MonkeyPatch) -> None:
    """The step that needs every check-in of a kind."""
    verb = "confirm-monitoring" if kind == "monthly" else "confirm-post-project-monitoring"
    *first, last = [each for each in schedule if each["kind"] == kind]
    for planned in first:
        await check_in(path, patch, kind, planned)
    told = await path.refused(verb)
    assert (told["missing"], told["check_ins"]) == ([f"{kind}_check_ins"], [last["number"]])
    await check_in(path, patch, kind, last)
    await path.taken(verb)


async def test_an_authority_goes_from_recruitment_to_the_end_of_monitoring(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(training, await recruited(training))
    await become_trained(path, monkeypatch)
    await become_diagnosed(path)
    strategic_plan = await become_planned(path)
    await become_implementing(path, strategic_plan, monkeypatch)
    schedule = (await read(training, f"{path.url}/check-ins"))["items"]
    assert [each["kind"] for each in schedule] == ["monthly"] * 12 + ["yearly"] * 2
    assert (schedule[1]["starts_on"], schedule[1]["ends_on"]) == ("2027-08-15", "2027-09-14")
    await become_monitored(path, "monthly", schedule, monkeypatch)
    assert (await read(training, strategic_plan.path))["state"] == "monitored"
    await become_monitored(path, "yearly", schedule, monkeypatch)
    assert_problem(await path.step("withdraw", {"reason": "Za późno."}), 409, "state-conflict")
    steps = (await read(training, f"{path.url}/steps"))["items"]
    assert [each["state"] for each in steps] == [
        "recruited",
        "trained",
        "diagnosis_ready",
        "plan_ready",
        "implementation_started",
        "monitored",
        "post_project_monitored",
    ]
    assert steps[3]["evidence"] == {"plan_id": (await read(training, strategic_plan.path))["id"]}


async def test_who_missed_a_session_is_named_and_the_authority_is_not_trained(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(training, await recruited(training))
    team = await train(path, monkeypatch, absent=1)
    told = await path.refused("confirm-training")
    assert told["missing"] == ["attended_sessions"]
    shown = (await read(training, f"{path.url}/task-team"))["members"]
    [missed] = shown[0]["missed_sessions"]
    assert told["missed"] == [f"{team[0]['id']}/{missed}"]
    assert [each["missed_sessions"] for each in shown[1:]] == [[], []]


async def test_who_missed_a_session_and_attended_its_make_up_has_attended_everything(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(training, await recruited(training))
    team = await train(path, monkeypatch, absent=1, make_up=True)
    shown = (await read(training, f"{path.url}/task-team"))["members"]
    assert [each["missed_sessions"] for each in shown] == [[] for _ in team]
    assert (await path.taken("confirm-training"))["state"] == "trained"


async def test_a_withdrawn_authority_keeps_its_reason_and_nothing_more_is_written(
    training: httpx.AsyncClient,
) -> None:
    path = Path(training, await recruited(training))
    await team_of(training, path.authority, 1)
    withdrawn = await path.taken("withdraw", {"reason": "Uchwała rady."})
    assert (withdrawn["state"], withdrawn["withdrawal_reason"]) == ("withdrawn", "Uchwała rady.")
    steps = (await read(training, f"{path.url}/steps", headers=WRITER))["items"]
    assert [(each["state"], each["reason"]) for each in steps][1:] == [("withdrawn", "Uchwała rady.")]
    writes: dict[str, Any] = {"diagnosis": {}, "strategic-plan": {}}
    for what, body in writes.items():
        answer = await send(training, f"{path.url}/{what}", body, headers=WRITER)
        assert_problem(answer, 409, "state-conflict")
    late = await staff(training, path.authority)
    now = await read(training, path.url)
    answer = await send(training, f"{path.url}/task-team/members", {"trainee_id": late["id"]}, now)
    assert assert_problem(answer, 409, "state-conflict")["state"] == "withdrawn"
