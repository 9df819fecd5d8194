"""The page for parents itself: what a screen reader, an archive and a worried parent find in it."""

import re
import uuid
from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from page import ValidationProfile, validate_pdf_bytes

from services.chassis.ground.problems import Language
from services.screening.instruments.rules.outcomes import Informant, Outcome
from services.screening.screening_documents.rules.documents import Area, Contact, ResultDocument
from services.screening.screening_documents.rules.views import age_in_words
from services.screening.screening_documents.rules.words import WORDS
from services.screening.screening_documents.typesetting import result_pdf
from tests.casework.plan_documents.pdfs import languages_of, opened, pages_of, tags_of

LANGUAGES: tuple[Language, ...] = ("pl", "en")
IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)
POSITIVE = ResultDocument(
    screening_id=uuid.UUID(int=7),
    instrument="Formularz zmyślony",
    form="Dziecko od 6. do 36. miesiąca życia",
    informant=Informant.PARENT,
    administered_on=date(2026, 3, 14),
    confirmed_on=date(2026, 3, 20),
    outcome=Outcome.POSITIVE,
    topics=("Ruch", "Mowa", "Zabawa"),
    areas=(Area("Ruch", Outcome.NEGATIVE), Area("Mowa", Outcome.POSITIVE), Area("Zabawa", Outcome.UNDETERMINED)),
    age_months=28,
    has_critical=True,
    contact=Contact("Poradnia nr 1", "ul. Zmyślona 5, 40-001 Zmyślonów", "32 501 20 30"),
)
NEGATIVE = replace(POSITIVE, outcome=Outcome.NEGATIVE, has_critical=False, contact=None)
BARE = replace(NEGATIVE, outcome=Outcome.UNDETERMINED, topics=(), areas=(), age_months=None)


@cache
def positive(language: Language) -> bytes:
    return result_pdf(POSITIVE, language)


@IN_BOTH
@pytest.mark.parametrize("standard", [ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A])
def test_a_validator_finds_nothing_against_the_standards(standard: ValidationProfile, language: Language) -> None:
    for pdf in (positive(language), result_pdf(NEGATIVE, language), result_pdf(BARE, language)):
        report = validate_pdf_bytes(pdf, profile=standard)
        assert report.is_compliant, str(report)


@IN_BOTH
def test_language_title_and_headings_stand_in_order_on_one_page(language: Language) -> None:
    title = {
        "pl": "Wynik badania przesiewowego: Formularz zmyślony",
        "en": "Result of a screening: Formularz zmyślony",
    }
    with opened(positive(language)) as document:
        assert str(document.Root.Lang) == language
        assert str(document.docinfo["/Title"]) == title[language]
        assert len(document.pages) == 1
    assert [tag.kind for tag in tags_of(positive(language)).all("H1", "H2")] == ["H1", "H2", "H2", "H2", "H2"]
    assert languages_of(positive("en")) == {"en", "pl"}, "the name of a Polish institution"


def test_parents_read_what_was_asked_what_came_out_what_to_do_and_whom_to_call() -> None:
    [page] = pages_of(positive("pl"))
    for said in (
        "14 marca 2026 r. wypełniono formularz „Dziecko od 6. do 36. miesiąca życia” (Formularz zmyślony).",
        "Na pytania odpowiadał rodzic albo opiekun. Dziecko miało wtedy 2 lata i 4 miesiące.",
        "Coś zwróciło naszą uwagę. Warto spokojnie sprawdzić to dokładniej.",
        "Temu warto przyjrzeć się bliżej: • Mowa",
        "O tym nie możemy jeszcze nic powiedzieć: • Zabawa",
        "Tutaj nic nie zwróciło naszej uwagi: • Ruch",
        "To nie jest diagnoza.",
        "Prosimy umówić się na spotkanie",
        "Wynik przekażemy dalej tylko za Państwa zgodą.",
        "Poradnia nr 1 ul. Zmyślona 5, 40-001 Zmyślonów Telefon: 32 501 20 30",
        "Imię dziecka:",
    ):
        assert said in page, said


def test_a_result_that_asks_for_nothing_says_so_and_leaves_lines_for_what_is_not_known() -> None:
    [page] = pages_of(result_pdf(NEGATIVE, "en"))
    assert "Nothing has to be done now." in page
    assert "It is worth keeping an eye on this: • Mowa" in page
    assert "Place: Telephone: Somebody to talk to:" in page
    assert "consent" not in page
    [urgent] = pages_of(result_pdf(replace(NEGATIVE, has_critical=True), "en"))
    assert "Nothing has to be done now." not in urgent
    assert "ask which answer has to be talked about" in urgent


@IN_BOTH
def test_no_figure_on_the_page_can_be_taken_for_a_mark(language: Language) -> None:
    """Figures are days, ages, steps, an address and the number of the screening; none stands for a score."""
    unnumbered = replace(POSITIVE, contact=None, form="F", age_months=None)
    [page] = pages_of(result_pdf(unnumbered, language))
    without = page.replace(str(POSITIVE.screening_id), "")
    assert {*re.findall(r"\d+", without)} == {"14", "20", "2026", *"12345"}


@pytest.mark.parametrize(
    ("months", "said"),
    [
        (0, "0 miesięcy"),
        (1, "1 miesiąc"),
        (23, "23 miesiące"),
        (24, "2 lata"),
        (60, "5 lat"),
        (145, "12 lat i 1 miesiąc"),
    ],
)
def test_an_age_is_said_as_people_say_it(months: int, said: str) -> None:
    assert age_in_words(months, WORDS["pl"]).replace("\xa0", " ") == said
