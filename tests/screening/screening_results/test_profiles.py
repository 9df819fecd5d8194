"""A child's picture: each scale on its own range, with its cut-offs and direction, in words too."""

import asyncio

import pytest

from services.screening import charts
from services.screening.instruments.rules.numbers import Language
from services.screening.screening_results.rules.captions import LETTERS_A_LINE, WIDTH
from tests.screening.screening_results.profiles import DECIMAL_POINT, drawn, strips, texts_of

LANGUAGES: tuple[Language, ...] = ("pl", "en")


def test_each_scale_has_its_own_range_cut_offs_and_place_of_the_child() -> None:
    """Seven of eight answers of 0.35 points sum to 2.45, which 8/7 prorates to 2.8: by hand in exact fractions."""
    shown = {strip.scale.code: strip for strip in strips()}
    assert {code: (strip.low, strip.high) for code, strip in shown.items()} == {
        "TALK": (0, pytest.approx(8.4)),
        "ALONE": (0, 12),
        "ATTENTION": (20, 80),
        "MOVE": (0, 3),
    }
    assert {code: strip.cut_offs for code, strip in shown.items()} == {
        "TALK": (3.15, 3.85),
        "ALONE": (1,),
        "ATTENTION": (65,),
        "MOVE": (),
    }
    # 1 + 2 + 0 + 1 = 4 is half a deviation of 2 above 3, so T is 50 + 10 · 0.5.
    figures = {code: strip.figure for code, strip in shown.items()}
    assert figures == {"TALK": pytest.approx(2.8), "ALONE": 4, "ATTENTION": 55, "MOVE": None}
    # 1.96 · √(1 − 0.84) = 0.784 on either side (R: qnorm(0.975) * sqrt(0.16)).
    assert shown["TALK"].error == pytest.approx((2.02, 3.58))
    assert shown["ATTENTION"].error is None, "points are no T scores"


def test_a_scale_says_where_it_is_better_to_be_and_one_without_cut_offs_does_not() -> None:
    views = drawn("pl")["vconcat"]
    axes = [view["layer"][0]["encoding"]["x"]["axis"]["title"] for view in views]
    assert axes == ["← lepiej", "lepiej →", "← lepiej", None]
    said = [row["said"] for row in drawn("pl")["data"]["values"]]
    assert said == [
        (
            "Wynik 2,8: pasmo low, nie zwraca uwagi. Zakres od 0 do 8,4, próg 3,15; 3,85, im mniej, tym lepiej."
            " Odpowiedziano na 7 z 8 pytań, brakującą część oszacowano."
        ),
        "Wynik 4: pasmo high, nie zwraca uwagi. Zakres od 0 do 12, próg 1, im więcej, tym lepiej.",
        (
            "Wynik T (średnia 50, odchylenie 10) 55: pasmo low, nie zwraca uwagi."
            " Zakres od 20 do 80, próg 65, im mniej, tym lepiej."
        ),
        "Brak wyniku, odpowiedziano na 0 z 1 pytań: bez progu. Zakres od 0 do 3.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_form_informant_day_and_age_are_said_and_no_line_outgrows_its_room(language: Language) -> None:
    document = drawn(language)
    lines = document["title"]["subtitle"]
    days = {"pl": "Badanie z dnia 14 marca 2026", "en": "Screened on 14 March 2026"}
    assert lines[0].endswith("nauczyciel.")
    assert lines[1].replace("\xa0", " ").startswith(days[language])
    titles = [view["title"] for view in document["vconcat"]]
    assert all(len(line) <= LETTERS_A_LINE for title in titles for line in (*title["text"], *title["subtitle"]))
    # Eight units a letter: DejaVu Sans, one of the widest, takes 7.4 at this size.
    assert LETTERS_A_LINE * 8 <= WIDTH


def test_figures_of_a_polish_picture_have_a_comma() -> None:
    document = drawn("pl")
    assert not [text for text in texts_of(document) if DECIMAL_POINT.search(text)]
    assert document["config"]["locale"]["number"]["decimal"] == ","
    assert not drawn("en")["config"].get("locale")
    svg = asyncio.run(_svg())
    assert ">próg 3,15<" in svg
    assert ' role="img"><desc>Kwestionariusz zmyślony.' in svg, "English labels of its parts are not read"


async def _svg() -> str:
    try:
        return (await charts.draw(drawn("pl"), "svg")).decode()
    finally:
        await charts.stop_drawing()
