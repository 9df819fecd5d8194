"""County beside county, in figures and as a map."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from gateway.views.borders import Outlines
from gateway.views.maps import SHADES, Place, Words, classes_of, draw_map
from gateway.views.measures import CountyMeasure
from gateway.views.national import CountyLine
from services.screening.campaign_coverage import queries
from tests.casework.monitoring_reports.made import FIRST, SECOND, moved, submitted
from tests.gateway.views.conftest import Screens
from tests.screening.campaign_releases.released import (
    add_children,
    name_counties,
    release,
    screened_campaign,
)
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.training.sessions.made import a_programme, put

MANAGER = call_as("programme_manager", counties=["*"], institution=None)
SVG = "{http://www.w3.org/2000/svg}"
BORDERS = Path(__file__).parents[4] / "shared/data/counties.geojson"


def square(terc: str, west: float) -> dict[str, Any]:
    ring = [[west, 50.0], [west + 1, 50.0], [west + 1, 51.0], [west, 51.0], [west, 50.0]]
    return {
        "type": "Feature",
        "properties": {"terc": terc, "name": terc},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


_HOURS = """
INSERT INTO hour_totals (id, programme_id, county_terc, year, minutes, is_lower_bound, source, external_id)
VALUES (:id, :programme, :county, 2023, 90, false, 'powiat', :county)
"""


async def with_figures(screens: Screens) -> None:
    """Two campaigns, hours of training and two reports."""
    screening, training = screens.services["screening"], screens.services["training"]
    second, _ = await screened_campaign(screening, "2401")
    await release(screening, second)
    programme = (await a_programme(training))["programme"]
    for county in ("2401", "2469"):
        await put(training, _HOURS, programme=programme, county=county)
    campaign, instrument = await screened_campaign(screening, "2469", "2401")
    await name_counties(screening, campaign, "0219")
    await add_children(screening, campaign, instrument, 3, county_terc="0219")
    await release(screening, campaign)
    casework = screens.services["casework"]
    await moved(casework, await submitted(casework, FIRST), "accept", **MANAGER)
    await submitted(casework, SECOND)


async def test_of_each_county_stands_what_services_publish_and_a_sum_says_what_it_lacks(
    screens: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second campaign is on a page of its own.
    monkeypatch.setattr(queries, "MOST_CAMPAIGNS", 1)
    await with_figures(screens)
    shown = await screens.view("/national", MANAGER)
    assert (shown["monitoring"]["starts_on"], shown["monitoring"]["reports"]) == (SECOND["starts_on"], 1)
    assert {each["category"] for each in shown["monitoring"]["items"]} == {"all"}
    counties = {county["terc"]: county for county in shown["counties"]}
    assert [*counties] == ["0219", "0619", "2401", "2469"]
    assert counties["2469"]["screening"] == {"complete": 60, "positive": 20, "selected": None, "is_lower_bound": False}
    # Three children are nobody's to know, and of a county that no campaign lists nothing is.
    assert (counties["0219"]["screening"]["complete"], counties["0219"]["screening"]["is_lower_bound"]) == (None, True)
    assert (counties["0619"]["screening"]["complete"], counties["0619"]["screening"]["is_lower_bound"]) == (None, False)
    # Nobody is supported yet, which points to nobody.
    none = {"cases": 0, "counties": 0, "with_active_plan": 0, "with_review": 0, "closed": 0}
    assert (shown["cases"], "cases" in await screens.view("/national", call_as("trainee"))) == (none, False)
    totals = shown["totals"]
    assert (totals["counties"], totals["screening"]["complete"], totals["screening"]["is_lower_bound"]) == (
        4,
        180,
        True,
    )
    assert counties["2401"]["screening"]["complete"] == 120
    line = CountyLine.model_validate(counties["2401"])
    assert (line.value_of(CountyMeasure.SCREENED), line.value_of(CountyMeasure.POSITIVE)) == (120, 40)
    # An hour and a half each; what each is cut off is not lost to the sum.
    assert (counties["2401"]["training_hours"], totals["training_hours"]) == (1, 3)


async def test_a_map_has_a_shade_for_each_county_and_words_for_who_cannot_see_it(
    screens: Screens, tmp_path: Path
) -> None:
    borders = tmp_path / "borders.geojson"
    screens.gateway.entrance.views.around.borders._path = borders
    # One in two parts, and one with heights: both are as RFC 7946 allows.
    features = [square("2469", 19), square("2401", 20), square("9999", 21), square("2401", 23)]
    for point in features[2]["geometry"]["coordinates"][0]:
        point.append(250.5)
    borders.write_text(json.dumps({"features": features}))
    host = {"name": "Poradnia", "type": "psych_ped_counselling_centre", "county_terc": "2469"}
    await screens.make("registry", "/institutions", host)
    answer = await screens.get("/national?format=svg&measure=institutions&language=en", MANAGER)
    assert (answer.headers["content-type"], answer.headers["content-language"]) == ("image/svg+xml", "en")
    picture = ET.fromstring(answer.text)  # noqa: S314 - our own answer
    texts = [element.text or "" for element in picture.iter(f"{SVG}text")]
    assert picture.findtext(f"{SVG}title", "").startswith("Institutions, as of ")
    assert picture.findtext(f"{SVG}desc") == (
        "Counties: 4 with data (of these 3 with zero), 1 without. In all counties with data: 1. Highest: Katowice (1)."
    )
    shapes = {shape.findtext(f"{SVG}title"): shape.get("fill") for shape in picture.iter(f"{SVG}path")}
    assert {*shapes} == {"Katowice: 1", "będziński: 0", "9999: no data"}
    assert len({*shapes.values()}) == 3
    paths = {shape.findtext(f"{SVG}title"): shape.get("d", "") for shape in picture.iter(f"{SVG}path")}
    assert (paths["będziński: 0"].count("M"), paths["Katowice: 1"].count("M")) == (2, 1)
    # The hole of a county stays one, whichever way its ring turns.
    assert 'fill-rule="evenodd"' in answer.text
    assert {"1 (1)", "none (3)", "no data (1)"} <= {*texts}
    polish = await screens.get("/national?measure=institutions", MANAGER, accept="image/svg+xml")
    assert "Instytucje w powiatach, stan na" in polish.text
    # What is refused by its weight is not sent.
    unwanted = await screens.get("/national", MANAGER, accept="image/png;q=0.00, application/json")
    assert unwanted.headers["content-type"] == "application/json"
    refused = await screens.get("/national", MANAGER, accept="text/csv")
    assert "image/png" in assert_problem(refused, 406, "not-acceptable")["available"]
    png = await screens.get("/national?format=png&measure=institutions", MANAGER)
    again = await screens.get("/national?format=png&measure=sites", MANAGER)
    assert (png.content[:8], again.content[:8]) == (b"\x89PNG\r\n\x1a\n",) * 2
    assert "Najwięcej: Katowice (1).".encode() in png.content


async def test_borders_are_read_when_they_are_there_and_anew_when_their_file_changes(
    screens: Screens, tmp_path: Path
) -> None:
    assert assert_problem(await screens.get("/national?format=svg", MANAGER), 404, "borders-not-loaded")["reason"] == (
        "borders_file"
    )
    borders = tmp_path / "borders.geojson"
    screens.gateway.entrance.views.around.borders._path = borders
    assert assert_problem(await screens.get("/national?format=svg", MANAGER), 404, "borders-not-loaded")["reason"] == (
        "no_file"
    )
    for features in ([square("2469", 19), square("2401", 20)], [square("2469", 19)]):
        borders.write_text(json.dumps({"features": features}))
        picture = ET.fromstring((await screens.get("/national?format=svg", MANAGER)).text)  # noqa: S314 - our own answer
        assert len([*picture.iter(f"{SVG}path")]) == len(features)


async def test_a_map_whose_figure_cannot_be_had_is_not_drawn(screens: Screens, tmp_path: Path) -> None:
    screens.gates["screening"].is_broken = True
    assert_problem(
        await screens.get("/national?format=svg&measure=positive", MANAGER), 502, "upstream-invalid-response"
    )
    shown = await screens.view("/national", MANAGER)
    assert [(each["service"], each["part"]) for each in shown["partial"]] == [("screening", "screening")]
    assert {county["screening"] for county in shown["counties"]} == {None}


@pytest.mark.skipif(not BORDERS.exists(), reason="the borders of all counties are not at hand")
async def test_the_borders_of_all_counties_become_as_many_shapes(screens: Screens) -> None:
    screens.gateway.entrance.views.around.borders._path = BORDERS
    answer = await screens.get("/national?format=svg&measure=services", MANAGER)
    picture = ET.fromstring(answer.text)  # noqa: S314 - our own answer
    assert len([*picture.iter(f"{SVG}path")]) == 380
    _, _, width, height = map(int, (picture.get("viewBox") or "").split())
    # Poland is 649 km from north to south, and 689 km from west to east.
    assert 0.90 < (height - 210) / (width - 80) < 0.97
    assert len(answer.content) < 250_000


def test_equal_values_are_of_one_class() -> None:
    assert classes_of([]) == []
    assert classes_of([0, 7, 7, 7, 7, 7, 7, 9]) == [(7, 7), (9, 9)]


def test_each_value_has_the_shade_of_its_class() -> None:
    outlines = Outlines(9, 9, {"0201": "M0 0z", "0202": "M1 1z"}, {})
    places = [Place("0201", "a", 1), Place("0202", "b", 2)]
    picture = ET.fromstring(draw_map(outlines, places, Words("t", "d"), "en"))  # noqa: S314 - our own picture
    assert [shape.get("fill") for shape in picture.iter(f"{SVG}path")] == [SHADES[0], SHADES[-1]]
