"""The age of a subject, the form for it, and what a state allows, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.instruments.rules.outcomes import Child, Informant
from services.screening.instruments.rules.scoring import score
from services.screening.screenings.rules.comparisons import INFORMANTS
from services.screening.screenings.rules.pictures import Picture, chosen_picture
from services.screening.screenings.rules.profiles import Language, profile
from services.screening.screenings.rules.states import COUNTED, State, Verb, allowed_verbs
from services.screening.screenings.rules.subjects import age_on, contradictions
from tests.screening.instruments import published

DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "on", "months"),
    [
        (date(2025, 9, 30), date(2026, 3, 29), 5),
        (date(2025, 9, 30), date(2026, 3, 30), 6),
        (date(2023, 3, 15), date(2026, 3, 14), 35),
        (date(2023, 3, 15), date(2026, 3, 15), 36),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
    ],
)
def test_f16_age_edges_are_those_of_completed_months(born_on: date, on: date, months: int) -> None:
    assert age_on(born_on, on, None, is_corrected=False).months == months


def test_a_child_born_eight_weeks_early_is_two_months_younger_where_the_instrument_says_so() -> None:
    born_on, on = date(2025, 3, 1), date(2026, 3, 1)
    assert age_on(born_on, on, 32, is_corrected=True).months == 10
    assert age_on(born_on, on, 32, is_corrected=False).months == 12


@given(born_on=DAYS, days=st.integers(0, 3000), weeks=st.none() | st.integers(20, 44))
def test_only_the_month_of_birth_is_left(born_on: date, days: int, weeks: int | None) -> None:
    on = date.fromordinal(born_on.toordinal() + days)
    age = age_on(born_on, on, weeks, is_corrected=True)
    assert (age.birth_month.day, age.birth_month.month, age.birth_month.year) == (1, born_on.month, born_on.year)
    assert age.months >= 0


def test_days_that_cannot_be_are_named() -> None:
    today = date(2026, 3, 1)
    assert contradictions(date(2025, 1, 1), date(2026, 3, 2), today) == [("administered_on", "in_future")]
    assert contradictions(date(2026, 3, 1), date(2026, 2, 1), today) == [("born_on", "after_screening")]
    assert contradictions(date(1880, 3, 1), date(2026, 2, 1), today) == [("born_on", "too_long_ago")]


def test_whatever_stands_may_be_annulled_once_and_what_counts_was_submitted() -> None:
    assert [state for state in State if Verb.ANNUL in allowed_verbs(state)] == [*State][:-1]
    assert not COUNTED & {State.DRAFT, State.ANNULLED}


def test_every_informant_has_a_word_in_both_languages() -> None:
    assert {*INFORMANTS} == {*Informant}
    assert all(label.pl and label.en for label in INFORMANTS.values())


@pytest.mark.parametrize(
    ("accept", "picture"),
    [
        ("", Picture.VEGA_LITE),
        ("text/html,image/png;q=0.5", Picture.PNG),
        ("image/png;q=0, image/*", Picture.SVG),
    ],
)
def test_the_first_picture_that_is_accepted_is_drawn(accept: str, picture: Picture) -> None:
    assert chosen_picture(accept, None) is picture
    assert chosen_picture(accept, Picture.PNG) is Picture.PNG


@pytest.mark.parametrize(("language", "said"), [("pl", "bez progu"), ("en", "no cut-off")])
def test_a_scale_without_cut_offs_is_drawn_as_one_that_judges_nothing(language: Language, said: str) -> None:
    document = published.psc_17()
    document["cut_offs"] = [one for one in document["cut_offs"] if one["scale"] != "T"]
    plan = published.plan_of(document)
    answers = dict.fromkeys(plan.forms["F"].positions, "0")
    result = score(plan, "F", answers, Child(60, "female", "parent"), None)
    drawn = profile(plan, result, plan.bands, language)
    told = {row["scale"]: row["outcome"] for row in drawn["data"]["values"]}
    assert [told[scale] == said for scale in ("I", "A", "E", "T")] == [False, False, False, True]
    legend = drawn["layer"][0]["encoding"]["color"]["scale"]
    assert (len(legend["domain"]), len({*legend["domain"]}), len({*legend["range"]})) == (4, 4, 4)
