"""The words of the document of a plan."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.paper.rules.words import Say
from services.casework.plan_documents.rules.documents import (
    Attainment,
    PlanDocument,
    PlanState,
)
from services.casework.plan_documents.rules.parts import telephone
from services.casework.plan_documents.rules.progress import progress
from services.casework.plan_documents.rules.views import plan_view
from services.casework.plan_documents.rules.words import STATES
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import Letters, set_ready
from services.chassis.typesetting.spoken import (
    day,
    day_of_week,
    hour,
    hours_a_month,
    short_day,
    signed,
)
from tests.casework.plan_documents.plans import BARE, TALKING, ZOSIA

ASCII = Letters(range(128))
EVERYTHING = Letters(range(0x110000))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def view_of(document: PlanDocument, language: Language = "pl") -> str:
    """All that the document says, with spaces that a search finds."""
    return plain(str(plan_view(document, language, EVERYTHING)).replace("\\xa0", " "))


@pytest.mark.parametrize("state", PlanState)
def test_every_state_is_said_in_sentences(state: PlanState) -> None:
    for said in STATES[state]:
        assert said[0].isupper(), said
        assert said.endswith("."), said
        assert len(said.split()) >= 3, said


def test_days_are_said_as_in_each_language() -> None:
    # 8 December 2026 is a Tuesday.
    on = date(2026, 12, 8)
    assert plain(day_of_week(on, "pl")) == "Wtorek, 8 grudnia 2026 r."
    assert plain(day_of_week(on, "en")) == "Tuesday 8 December 2026"
    assert (short_day(on, "pl"), plain(short_day(on, "en"))) == ("8.12.2026", "8 Dec 2026")
    assert plain(day(date(2027, 3, 1), "pl")) == "1 marca 2027 r."
    assert plain(hour(time(9, 5), "pl")) == "godz. 9.05"
    assert plain(hour(time(15, 30), "en")) == "at 15:30"


@pytest.mark.parametrize(
    ("hours", "polish", "english"),
    [
        ("1", "1 godzina w miesiącu", "1 hour a month"),
        ("4.50", "4,5 godziny w miesiącu", "4.5 hours a month"),
        ("4", "4 godziny w miesiącu", "4 hours a month"),
        ("8.00", "8 godzin w miesiącu", "8 hours a month"),
        ("10", "10 godzin w miesiącu", "10 hours a month"),
        ("12", "12 godzin w miesiącu", "12 hours a month"),
        ("21", "21 godzin w miesiącu", "21 hours a month"),
        ("22", "22 godziny w miesiącu", "22 hours a month"),
        ("112", "112 godzin w miesiącu", "112 hours a month"),
    ],
)
def test_hours_are_counted_as_in_each_language(hours: str, polish: str, english: str) -> None:
    assert plain(hours_a_month(Decimal(hours), "pl")) == polish
    assert plain(hours_a_month(Decimal(hours), "en")) == english


def test_a_polish_line_does_not_end_with_a_one_letter_word() -> None:
    text = "Zosia i Jaś są w domu, a w sobotę u babci z kotem. Do 5 lat."
    ready = set_ready(text, EVERYTHING, "pl")
    assert ready.replace("\N{NO-BREAK SPACE}", "_") == ("Zosia i_Jaś są w_domu, a_w_sobotę u_babci z_kotem. Do 5 lat.")
    assert set_ready(text, EVERYTHING, "en") == text


def test_a_word_without_end_may_be_broken_and_loses_nothing() -> None:
    ready = set_ready("A" * 90, EVERYTHING, "pl")
    pieces = ready.split("\N{ZERO WIDTH SPACE}")
    assert "".join(pieces) == "A" * 90
    assert max(map(len, pieces)) < 30


def test_a_letter_without_a_picture_becomes_a_box_and_a_control_nothing() -> None:
    written = "a\u0301 b\u202ec\x07\tд 🙂\r\nend\u2003."
    assert set_ready(written, ASCII, "en") == "□ bc □ □\nend ."


@given(st.text())
def test_whatever_is_written_only_letters_with_a_picture_are_left(text: str) -> None:
    ready = set_ready(text, ASCII, "en")
    assert all(letter.isascii() or letter in "□\N{ZERO WIDTH SPACE}" for letter in ready)


def test_the_document_says_that_letters_were_replaced_only_when_they_were() -> None:
    assert "'is_lossless': False" in str(plan_view(ZOSIA, "pl", ASCII))
    boxed = replace(ZOSIA, county="□ lipowski")
    assert "'is_lossless': True" in str(plan_view(boxed, "pl", EVERYTHING))


def test_the_next_steps_are_those_from_the_day_of_the_document_on() -> None:
    ahead = [step.on.isoformat() for step in ZOSIA.next_steps()]
    assert ahead == ["2026-12-08", "2026-12-11", "2027-01-14"]
    assert [step.text for step in ZOSIA.past_steps()] == ["Badanie słuchu"]
    on_the_day = replace(ZOSIA, as_of=date(2026, 12, 8))
    assert len(on_the_day.next_steps()) == 3


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("55 501 20 30", "tel:555012030"),
        ("+48 (55) 501-20-30", "tel:+48555012030"),
        ("112", "tel:112"),
        ("w sekretariacie, 55 501 20 30", None),
        ("1", None),
    ],
)
def test_only_a_telephone_number_can_be_pressed_on(number: str, address: str | None) -> None:
    told = telephone(number, Say("pl"))
    assert (told["to"] if isinstance(told, dict) else None) == address
    assert telephone(" ", Say("pl")) is None


def test_the_picture_is_told_in_words() -> None:
    told = progress(TALKING.attainments, "pl")
    assert isinstance(told, dict)
    assert plain(str(told["alt"])) == (
        "Wykres postępów. 7 września 2026 r.: daleko od celu (−2); "
        "5 października 2026 r.: blisko celu (−1); 16 listopada 2026 r.: cel osiągnięty (0)."
    )
    assert plain(str(told["latest"])) == (
        "Ostatnia ocena, 16 listopada 2026 r.: cel osiągnięty (0), lepiej niż na początku."
    )
    assert [signed(level) for level in (-2, 0, 1)] == ["−2", "0", "+1"]


@pytest.mark.parametrize(
    ("levels", "compared"),
    [
        ((-1, -2), "harder than at the start."),
        ((-1, 2, -1), "as at the start."),
        ((0,), "goal reached (0)."),
    ],
)
def test_the_last_rating_is_compared_with_the_first(levels: tuple[int, ...], compared: str) -> None:
    rated = [Attainment(date(2026, 9, 1 + place), level) for place, level in enumerate(levels)]
    told = progress(rated[::-1], "en")
    assert isinstance(told, dict)
    assert str(told["latest"]).endswith(compared)


def test_a_long_history_is_drawn_as_its_first_and_last_ratings() -> None:
    rated = [Attainment(date(2026, month, 1), 0) for month in range(1, 10)]
    told = progress(rated, "pl")
    assert isinstance(told, dict)
    assert isinstance(told["points"], list)
    days = [point["day"] for point in told["points"] if isinstance(point, dict)]
    assert days == ["1.01.2026", *(f"1.0{month}.2026" for month in range(5, 10))]
    assert told["left_out"] is not None
    # Nothing is left out of the words.
    assert str(told["alt"]).count("cel osiągnięty") == 9


def test_a_plan_that_is_not_agreed_says_so_wherever_its_steps_stand() -> None:
    draft = view_of(replace(ZOSIA, state=PlanState.DRAFT))
    assert draft.count("To jest projekt. Ten plan jeszcze nie obowiązuje.") == 2
    assert view_of(ZOSIA).count("Ten plan obowiązuje.") == 1


def test_a_plan_with_nothing_in_it_says_so_in_sentences() -> None:
    told = view_of(BARE, "en")
    for sentence in (
        "No goal has been agreed yet.",
        "There are no recommendations.",
        "There is no date yet. Ask the coordinator.",
        "Nobody has agreed to this plan yet.",
    ):
        assert sentence in told


@pytest.mark.parametrize(
    ("text", "is_long"),
    [("Krótki cel.", False), ("Długi cel. " * 90, True), ("\n" * 20, True), ("\u2028" * 20, True)],
)
def test_a_goal_that_might_not_fit_on_a_page_is_not_kept_on_one(text: str, is_long: bool) -> None:
    told = view_of(replace(BARE, goals=(replace(TALKING, indicator=text),)))
    assert f"'is_long': {is_long}" in told


def test_levels_and_links_that_do_not_exist_are_refused() -> None:
    for level in (-3, 3):
        with pytest.raises(ValueError, match="from -2 to 2"):
            Attainment(date(2026, 9, 1), level)
    for link in ("javascript:alert(1)", "http://lipowo.example/", "https://a b"):
        with pytest.raises(ValueError, match="https"):
            replace(BARE, link=link)
