"""The life of a site, the scope of a test, and the board as a picture."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.programmes.rules.board import board_svg, wants_picture
from services.registry.programmes.rules.scope import allowed_signatures, missing_signatures, wrong_spheres
from services.registry.programmes.rules.sites import (
    OPEN,
    STATUS_AFTER,
    SiteLevel,
    SiteStatus,
    SiteVerb,
    allowed_verbs,
    contradictions,
    misplaced,
)

SVG = "{http://www.w3.org/2000/svg}"
NAME = {"pl": "Próba & błąd", "en": "Trial & error"}
STEPS = [
    {"code": "diagnosis", "position": 1, "label": {"pl": "Diagnoza", "en": "Diagnosis"}},
    {"code": "testing", "position": 2, "label": {"pl": "Testowanie", "en": "Testing"}},
]


def board(sites: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": NAME, "steps": STEPS, "sites": sites, "sites_in_all": len(sites) + 1}


def drawing(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own, not somebody's


def site(name: str, *statuses: str) -> dict[str, Any]:
    cells = [
        {"step": step["code"], "status": status, "done_on": date(2026, 1, 2) if status == "done" else None}
        for step, status in zip(STEPS, statuses, strict=True)
    ]
    return {"name": name, "county_terc": "2469", "cells": cells}


@pytest.mark.parametrize("needs_agreement", [True, False])
@pytest.mark.parametrize("status", list(SiteStatus))
def test_every_way_through_the_life_of_a_site_ends(status: SiteStatus, needs_agreement: bool) -> None:
    verbs = allowed_verbs(status, needs_agreement=needs_agreement)
    assert bool(verbs) == (status in OPEN)
    order = list(SiteStatus)
    assert all(order.index(STATUS_AFTER[verb]) > order.index(status) for verb in verbs)


def test_without_an_agreement_a_candidate_works_only_where_none_is_needed() -> None:
    assert SiteVerb.ACTIVATE not in allowed_verbs(SiteStatus.CANDIDATE, needs_agreement=True)
    assert SiteVerb.ACTIVATE in allowed_verbs(SiteStatus.CANDIDATE, needs_agreement=False)


@pytest.mark.parametrize(
    ("level", "commune", "code"),
    [
        (SiteLevel.COUNTY, None, None),
        (SiteLevel.COUNTY, "2469011", "not_allowed"),
        (SiteLevel.COMMUNE, None, "missing"),
        (SiteLevel.COMMUNE, "2469011", None),
        (SiteLevel.COMMUNE, "2401011", "outside_county"),
        (SiteLevel.LOCATION, None, None),
        (SiteLevel.LOCATION, "2401011", "outside_county"),
    ],
)
def test_a_site_lies_where_its_level_says(level: SiteLevel, commune: str | None, code: str | None) -> None:
    assert misplaced(level, "2469", commune) == code


def test_a_programme_does_not_end_before_it_starts_and_names_a_sphere_once() -> None:
    facts = {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1), "spheres": [1, 1]}
    assert contradictions(facts) == [("ends_on", "wrong_order"), ("spheres", "repeated")]
    assert contradictions({"starts_on": None, "ends_on": date(2026, 1, 1), "spheres": []}) == []


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_a_scope_is_some_of_the_three_spheres_source_002(spheres: list[int]) -> None:
    fine = len({*spheres}) == len(spheres) and {*spheres} <= {1, 2, 3}
    assert (wrong_spheres(spheres, [1, 2, 3]) is None) == fine
    assert wrong_spheres(spheres, []) == "not_allowed"


def decision(coalition: str | None, project: str | None) -> SimpleNamespace:
    return SimpleNamespace(signed_by_coalition=coalition, signed_by_project=project, superseded_at=None)


def test_a_decision_names_the_signatures_that_it_lacks() -> None:
    assert missing_signatures(None) == ["decision"]
    assert missing_signatures(decision(None, None)) == ["coalition", "project"]
    assert missing_signatures(decision("a", None)) == ["project"]
    assert missing_signatures(decision("a", "b")) == []
    assert allowed_signatures(decision(None, "b")) == ["sign-for-coalition"]


def test_a_board_is_well_formed_and_says_in_words_what_it_shows() -> None:
    drawn = drawing(board_svg(board([site('<Dom> & "sad"', "done", "skipped")]), "pl"))
    assert drawn.attrib["role"] == "img"
    named = {element.attrib["id"]: element.text for element in drawn if "id" in element.attrib}
    assert drawn.attrib["aria-labelledby"].split() == [*named]
    assert named["board-title"] == "Etapy: Próba & błąd"
    assert named["board-desc"] == "Miejsc: 1 z 2. Wykonane etapy: Diagnoza – 1 z 1; Testowanie – 0 z 1."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("pl", ["A: Diagnoza – wykonany, 2026-01-02", "A: Testowanie – przed nami"]),
        ("en", ["A: Diagnosis – done, 2026-01-02", "A: Testing – pending"]),
    ],
)
def test_every_cell_of_a_board_has_a_mark_and_a_word(language: Any, told: list[str]) -> None:
    drawn = drawing(board_svg(board([site("A", "done", "pending")]), language))
    cells = [group for group in drawn.iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    assert [cell.findtext(f"{SVG}title") for cell in cells] == told
    assert [cell.findtext(f"{SVG}text") for cell in cells] == ["✓", "○"]
    assert drawn.attrib["lang"] == language


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_marks_stand_out_from_their_cells_as_wcag_asks() -> None:
    drawn = drawing(board_svg(board([site("A", "done", "pending"), site("B", "skipped", "done")]), "pl"))
    cells = [group for group in drawn.iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    for cell in cells:
        inks = sorted(luminance(part.attrib["fill"]) for part in cell if "fill" in part.attrib)
        assert (inks[1] + 0.05) / (inks[0] + 0.05) >= 4.5


@given(st.lists(st.text(st.characters(categories=["L", "P", "S", "Zs"]), min_size=1, max_size=60), max_size=5))
def test_whatever_sites_are_called_a_board_can_be_read(names: list[str]) -> None:
    drawn = drawing(board_svg(board([site(name, "done", "pending") for name in names]), "en"))
    assert len([group for group in drawn.iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]) == 2 * len(names)
    lowest = max(float(text.attrib["y"]) for text in drawn.iter(f"{SVG}text"))
    assert lowest < float(drawn.attrib["height"])


@pytest.mark.parametrize(
    ("accept", "format_", "picture"),
    [
        ("", None, False),
        ("*/*", None, False),
        ("image/svg+xml", None, True),
        ("text/html, image/svg+xml;q=0.9, */*", None, True),
        ("application/json, image/svg+xml", None, False),
        ("image/svg+xml", "json", False),
        ("application/json", "svg", True),
        ("text/html", None, None),
    ],
)
def test_a_picture_is_drawn_when_it_is_asked_for(accept: str, format_: str | None, picture: bool | None) -> None:
    assert wants_picture(accept, format_) is picture
