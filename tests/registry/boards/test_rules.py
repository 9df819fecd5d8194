"""The board as a picture."""

from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.boards.rules import StepPlace, board_svg, settle_cells, wants_picture

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


def test_a_board_is_well_formed_and_says_in_words_what_it_shows() -> None:
    drawn = drawing(board_svg(board([site('<Dom> & "sad"', "done", "skipped")]), "pl"))
    assert drawn.attrib["role"] == "img"
    named = {element.attrib["id"]: element.text for element in drawn if "id" in element.attrib}
    assert drawn.attrib["aria-labelledby"].split() == [*named]
    assert named["board-title"] == "Kroki: Próba & błąd"
    assert named["board-desc"] == "Miejsca realizacji: 1 z 2. Wykonane kroki: Diagnoza – 1 z 1; Testowanie – 0 z 1."


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


PLACES = [
    StepPlace("diagnosis", 1, False),
    StepPlace("scope_decision", 2, False),
    StepPlace("testing", 3, False),
    StepPlace("extended", 4, True),
    StepPlace("abandoned", 4, True),
]


@pytest.mark.parametrize(
    ("recorded", "is_over", "shown"),
    [
        ({}, False, ["pending"] * 5),
        ({"diagnosis": "done"}, False, ["done", *["pending"] * 4]),
        ({"diagnosis": "done", "abandoned": "done"}, False, ["done", *["not_done"] * 3, "done"]),
        ({"diagnosis": "skipped", "testing": "done"}, False, ["skipped", "not_done", "done", "pending", "pending"]),
        ({"diagnosis": "done"}, True, ["done", *["not_done"] * 4]),
    ],
)
def test_what_a_location_has_left_behind_is_not_called_ahead(
    recorded: dict[str, str], is_over: bool, shown: list[str]
) -> None:
    cells = [{"step": place.code, "status": recorded.get(place.code, "pending"), "done_on": None} for place in PLACES]
    assert [cell["status"] for cell in settle_cells(cells, PLACES, is_over=is_over)] == shown
    drawn = board_svg(board([site("A", "done", "not_done")]), "pl")
    assert ("Testowanie – niewykonany" in drawn, "Testowanie – przed nami" in drawn) == (True, False)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_marks_stand_out_from_their_cells_as_wcag_asks() -> None:
    drawn = drawing(board_svg(board([site("A", "done", "pending"), site("B", "skipped", "not_done")]), "pl"))
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
        ("text/html, image/svg+xml;q=0.9, */*;q=0.8", None, True),
        ("text/html, image/svg+xml;q=0.9, */*", None, False),
        ("application/json, image/svg+xml", None, False),
        ("image/svg+xml", "json", False),
        ("application/json", "svg", True),
        ("text/html", None, None),
    ],
)
def test_a_picture_is_drawn_when_it_is_asked_for(accept: str, format_: str | None, picture: bool | None) -> None:
    assert wants_picture(accept, format_) is picture
