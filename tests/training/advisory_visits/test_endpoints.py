"""Visits of the adviser: inside the twelve months, summed, and as a file."""

import httpx
import pytest

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change
from tests.training.annulled import annulled
from tests.training.authorities.made import read, recruited, set_day
from tests.training.check_ins.made import set_windows
from tests.training.groups.made import Made, post, send

ADVISER = call_as("adviser", subject="anna", counties=[])

ADVISED: Made = {
    "code": "jst",
    "kind": "result",
    "measure": "advised_authorities",
    "title_pl": "JST",
    "title_en": "Authorities",
    "target": 50,
}


def visit(day: str, minutes: int = 90) -> Made:
    """A visit on a day."""
    return {"visited_on": day, "minutes": minutes, "mode": "online", "topic": "plan"}


async def test_only_the_adviser_of_the_authority_visits_and_only_in_its_window(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = await recruited(training)
    path = f"/authorities/{authority['id']}"
    assert_problem(
        await send(training, f"{path}/advisory-visits", visit("2025-02-01"), headers=ADVISER),
        404,
        "authority-not-found",
    )
    await send(training, f"{path}/adviser", {"account": "anna"}, authority, "PUT")
    await set_windows(training)
    set_day(monkeypatch, "2026-01-31")
    for day, minutes in (("2025-01-31", 90), ("2026-01-30", 45)):
        made = await send(training, f"{path}/advisory-visits", visit(day, minutes), headers=ADVISER)
        assert (made.status_code, made.json()["recorded_by"]) == (201, "anna")
    for day in ("2025-01-30", "2026-01-31"):
        answer = await send(training, f"{path}/advisory-visits", visit(day), headers=ADVISER)
        refused = assert_problem(answer, 409, "outside-advisory-window")
        assert (refused["window_starts_on"], refused["window_ends_on"]) == ("2025-01-31", "2026-01-30")
    answer = await send(training, f"{path}/advisory-visits", visit("2026-02-01"), headers=ADVISER)
    assert answer.json()["errors"][0]["code"] == "in_future"
    sums = await read(training, f"{path}/advisory-visits/sums", headers=ADVISER)
    assert (sums["visits"], sums["minutes"]) == (2, 135)


async def test_an_annulled_visit_stays_in_the_list_and_counts_in_no_sum_and_no_indicator(
    training: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = await recruited(training)
    path = f"/authorities/{authority['id']}/advisory-visits"
    await send(training, f"/authorities/{authority['id']}/adviser", {"account": "anna"}, authority, "PUT")
    await set_windows(training)
    set_day(monkeypatch, "2026-01-31")
    made = await post(training, path, visit("2025-02-01"), headers=ADVISER)
    one = await post(training, "/indicators", ADVISED | {"programme": authority["programme"]["code"]})
    progress = f"/indicators/{one['id']}/progress"
    assert (await read(training, progress))["whole"]["achieved"] == 1
    # What was recorded of an authority that has left goes on being counted, and may be wrong as well.
    await change(training, "UPDATE authorities SET state = 'withdrawn', withdrawal_reason = 'uchwała'")
    after = await annulled(training, path, made, ADVISER)
    assert await read(training, f"{path}/{made['id']}", headers=ADVISER) == after
    sums = await read(training, f"{path}/sums", headers=ADVISER)
    assert (sums["visits"], sums["minutes"]) == (0, 0)
    assert (await read(training, progress))["whole"]["achieved"] == 0
    listed = [(await read(training, f"{path}?{asked}"))["items"] for asked in ("", "is_annulled=false")]
    assert [[each["id"] for each in items] for items in listed] == [[made["id"]], []]
    elsewhere = f"/authorities/{(await recruited(training))['id']}/advisory-visits/{made['id']}"
    assert_problem(await training.get(f"/v1/training{elsewhere}"), 404, "advisory-visit-not-found")
