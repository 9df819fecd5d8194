"""Indicators through the API. Targets are those of source 003: domain N14."""

import io
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from PIL import Image

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import change
from tests.training.annulled import annulled
from tests.training.certificates.made import attended_too, earned, issue
from tests.training.indicators.asks import INDICATOR, VALUE
from tests.training.programmes.asks import new_programme
from tests.training.sessions.made import Ids, a_trainee

URL = "/v1/training/indicators"
_NAME = "UPDATE programmes SET code = 'STAFF' WHERE id = CAST(:id AS uuid)"
_STAFF = (
    "UPDATE trainees SET sex = :sex, organisation_type = :type, target_group = :target WHERE id = CAST(:id AS uuid)"
)


async def made(training: httpx.AsyncClient, programme: str, **facts: Any) -> dict[str, Any]:
    sent = INDICATOR | {"programme": programme, "code": "i1"} | facts
    answer = await training.post(URL, json=sent)
    assert answer.status_code == 201, answer.text
    indicator: dict[str, Any] = answer.json()
    return indicator


async def a_code(training: httpx.AsyncClient) -> str:
    return str((await training.post("/v1/training/programmes", json=new_programme())).json()["code"])


async def progress_of(training: httpx.AsyncClient, indicator: dict[str, Any], **sent: Any) -> dict[str, Any]:
    answer = await training.get(f"{URL}/{indicator['id']}/progress", **sent)
    assert answer.status_code == 200, answer.text
    progress: dict[str, Any] = answer.json()
    return progress


async def three_who_attended(training: httpx.AsyncClient) -> Ids:
    """A woman and a man of an authority's staff, he of another county, and the head of a school."""
    ids = await earned(training)
    await change(training, _NAME, id=ids["programme"])
    man, head = [await a_trainee(training, ids["group"], county) for county in ("2401", "2469")]
    for trainee in (man, head):
        await attended_too(training, ids, trainee, 60)
    people = [
        (ids["trainee"], "female", "local_authority", "operational_staff"),
        (man, "male", "local_authority_unit", None),
        (head, "female", "local_authority", "school_heads_and_stakeholders"),
    ]
    for trainee, sex, kind, target in people:
        await change(training, _STAFF, id=trainee, sex=sex, type=kind, target=target)
    return ids


async def test_staff_who_attended_are_counted_once_and_by_sex(training: httpx.AsyncClient) -> None:
    await three_who_attended(training)
    supported = await made(training, "STAFF", measure="supported_staff")
    progress = await progress_of(training, supported)
    assert progress["is_computed"]
    assert progress["whole"] == {"target": 150, "achieved": 2, "share": "1.3", "missing": 148}
    assert (progress["female"]["achieved"], progress["male"]["achieved"]) == (1, 1)
    # Whoever may read indicators is told the same numbers, of whatever county.
    elsewhere = call_as("programme_manager", counties=["2401"])
    assert await progress_of(training, supported, headers=elsewhere) == progress


async def test_competences_are_raised_by_certificates_that_were_not_revoked(training: httpx.AsyncClient) -> None:
    ids = await three_who_attended(training)
    raised = await made(training, "STAFF", kind="result", measure="raised_competences")
    assert (await progress_of(training, raised))["whole"]["achieved"] == 0
    certificate = (await issue(training, ids)).json()
    assert (await progress_of(training, raised))["female"]["achieved"] == 1
    revoking = f"/v1/training/certificates/{certificate['id']}/revoke"
    seen = {"if-match": f'"{certificate["id"]}:{certificate["version"]}"'}
    revoked = await training.post(revoking, json={"reason": "issued_in_error"}, headers=seen)
    assert revoked.status_code == 200, revoked.text
    assert (await progress_of(training, raised))["whole"]["achieved"] == 0


async def test_where_nothing_is_on_record_the_newest_reported_value_counts(training: httpx.AsyncClient) -> None:
    indicator = await made(training, await a_code(training))
    assert (await progress_of(training, indicator))["whole"]["missing"] == 150
    path = f"{URL}/{indicator['id']}/values"
    for value in (VALUE, VALUE | {"as_of": "2026-01-31", "total": 160, "female": 100, "male": 60}):
        assert (await training.post(path, json=value)).status_code == 201
    assert_problem(await training.post(path, json=VALUE), 409, "indicator-value-already-reported")
    progress = await progress_of(training, indicator)
    assert not progress["is_computed"]
    assert progress["whole"] == {"target": 150, "achieved": 12, "share": "8.0", "missing": 138}
    assert [value["as_of"] for value in progress["reported"]] == ["2026-06-30", "2026-01-31"]


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"target_male": 44}, "/target_female", "wrong_sum"),
        ({"target_male": None}, "/target_male", "missing"),
        ({"measure": "advised_authorities"}, "/target_female", "not_allowed"),
    ],
)
async def test_targets_by_sex_sum_to_the_whole(
    training: httpx.AsyncClient, facts: dict[str, Any], field: str, code: str
) -> None:
    sent = INDICATOR | {"programme": await a_code(training), "code": "i1"} | facts
    refused = assert_problem(await training.post(URL, json=sent), 422, "validation-failed")
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [(field, code)]


async def test_the_picture_says_in_words_what_it_shows(training: httpx.AsyncClient) -> None:
    indicator = await made(training, await a_code(training), title_pl="Osoby < 30 & inne")
    path, polish = f"{URL}/{indicator['id']}/picture", {"accept-language": "pl"}
    value = VALUE | {"total": 26, "female": 13, "male": 13}
    assert (await training.post(f"{URL}/{indicator['id']}/values", json=value)).status_code == 201
    for accept in ("application/json", "image/svg+xml;q=0", "image/png"):
        assert_problem(await training.get(path, headers={"accept": accept}), 406, "not-acceptable")
    drawn = await training.get(path, headers=polish)
    assert drawn.headers["content-type"] == "image/svg+xml"
    root = ET.fromstring(drawn.text)  # noqa: S314 - it is our own
    said = {part.tag.rpartition("}")[2]: part.text for part in root if part.text}
    assert said["title"] == "Osoby < 30 & inne"
    # 26 / 150, 13 / 105 and 13 / 45 by bc, half up.
    assert said["desc"] == "razem: 26 / 150 (17,3%); kobiety: 13 / 105 (12,4%); mężczyźni: 13 / 45 (28,9%)"
    assert [part.get("width") for part in root.iterfind("{*}rect[@fill='#1f5fa8']")] == ["62", "45", "104"]
    document = (await training.get(f"{path}?format=vega_lite", headers={"accept-language": "en"})).json()
    told = {"label": "together", "achieved": 26, "target": 150, "end": 150, "told": "26 / 150 (17.3%)"}
    assert document["data"]["values"][0] == told
    picture = await training.get(f"{path}?format=png", headers=polish)
    assert picture.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(picture.content)) as opened:
        opened.load()
        assert opened.info["Title"] == said["title"]
        assert opened.info["Description"] == said["desc"]
        # Twice 600 units and the margins in 192 pixels an inch; the bars are where the SVG has them.
        assert opened.width == round((600 * 0.75 + 16) * 192 / 72)
        colours = {colour for _, colour in opened.convert("RGB").getcolors(1 << 24) or []}
    assert {(0x1F, 0x5F, 0xA8), (0xE6, 0xE6, 0xE6), (255, 255, 255)} <= colours


async def test_an_annulled_value_is_shown_and_not_achieved_and_its_day_is_reported_anew(
    training: httpx.AsyncClient,
) -> None:
    indicator = await made(training, await a_code(training))
    values = f"/indicators/{indicator['id']}/values"
    older = VALUE | {"as_of": "2026-01-31", "total": 2, "female": 1, "male": 1}
    posted = [(await training.post(f"/v1/training{values}", json=each)).json() for each in (older, VALUE)]
    await annulled(training, values, posted[1])
    progress = await progress_of(training, indicator)
    assert (progress["whole"]["achieved"], len(progress["reported"])) == (2, 2)
    again = await training.post(f"/v1/training{values}", json=VALUE | {"total": 13, "female": 9})
    assert again.status_code == 201, again.text
    assert (await progress_of(training, indicator))["whole"]["achieved"] == 13
