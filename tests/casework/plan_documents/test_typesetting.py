"""The PDF itself: what a screen reader, an archive and a search find in it."""

import unicodedata
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from page import ValidationProfile, validate_pdf_bytes

from services.casework.plan_documents.rules.documents import PlanDocument
from services.casework.plan_documents.typesetting import plan_pdf
from services.chassis.ground.problems import Language
from services.chassis.typesetting.letters import drawable
from services.chassis.typesetting.pdfs import letters
from tests.casework.plan_documents.pdfs import (
    languages_of,
    opened,
    pages_of,
    squeezed,
    tags_of,
)
from tests.casework.plan_documents.plans import BARE, PLAYING, ZOSIA

LANGUAGES: tuple[Language, ...] = ("pl", "en")
IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)
MARKUP = '#import "/etc/passwd" *b* _i_ $x$ = H @r <l> \\u{1F600} ]] // /* `raw` #panic()'


@cache
def zosia(language: Language) -> bytes:
    return plan_pdf(ZOSIA, language)


@IN_BOTH
def test_the_document_says_its_language_and_title_before_anything_is_read(language: Language) -> None:
    title = {
        "pl": "Plan wsparcia – Zosia (Z.K.), nr PW/12/2026, wersja 2",
        "en": "Support plan – Zosia (Z.K.), no. PW/12/2026, version 2",
    }
    with opened(zosia(language)) as document:
        assert str(document.Root.Lang) == language
        assert bool(document.Root.MarkInfo.Marked)
        assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
        assert str(document.docinfo["/Title"]).replace("\xa0", " ") == title[language]
        assert str(document.docinfo["/CreationDate"]) == "D:20261129000000Z"


@IN_BOTH
def test_the_document_claims_both_standards(language: Language) -> None:
    with opened(zosia(language)) as document, document.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")


@IN_BOTH
@pytest.mark.parametrize("standard", [ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A])
@pytest.mark.parametrize("plan", [ZOSIA, BARE], ids=["full", "empty"])
def test_a_validator_finds_nothing_against_the_standards(
    plan: PlanDocument, standard: ValidationProfile, language: Language
) -> None:
    report = validate_pdf_bytes(plan_pdf(plan, language), profile=standard)
    assert report.is_compliant, str(report)


@IN_BOTH
def test_headings_stand_in_order_and_none_is_skipped(language: Language) -> None:
    levels = [int(tag.kind[1]) for tag in tags_of(zosia(language)).all("H1", "H2", "H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    # In short, goals, five tables, online, the fridge; three cards, goals in short, three goals, three steps.
    assert (levels.count(2), levels.count(3)) == (9, 10)


@IN_BOTH
def test_every_table_has_a_head_of_header_cells(language: Language) -> None:
    tables = tags_of(zosia(language)).all("Table")
    heads = [len(table.all("THead")[0].all("TH")) for table in tables]
    assert heads == [4, 4, 3, 2, 3]
    rows = [len(table.all("TBody")[0].all("TR")) for table in tables]
    assert rows == [3, 4, 3, 2, 2]
    for table in tables:
        assert not table.all("THead")[0].all("TD")


@IN_BOTH
def test_every_picture_is_told_in_words(language: Language) -> None:
    told = [tag.alt for tag in tags_of(zosia(language)).all("Figure")]
    beginning = {"pl": "Wykres postępów. 7", "en": "Chart of progress. 7"}
    assert [alt.startswith(beginning[language]) for alt in told] == [True, True, False]
    assert told[2].startswith({"pl": "Kod QR z adresem", "en": "QR code with"}[language])


def test_what_people_wrote_is_spoken_in_their_language() -> None:
    assert languages_of(zosia("en")) == {"en", "pl"}
    assert "en" not in languages_of(zosia("pl"))


def test_the_first_page_tells_the_next_step_whom_to_call_and_how_goals_go() -> None:
    first = pages_of(zosia("pl"))[0]
    for said in (
        "Ten plan obowiązuje. Czas trwania: od 1 września 2026 r. do 31 sierpnia 2027 r.",
        "Następny krok Wtorek, 8 grudnia 2026 r., godz. 15.30 Zajęcia z logopedką",
        "Barbara Lipska tel. 55 501 20 30",
        "Wtorek, 2 marca 2027 r.",
        "Rodzice mają jeden wolny wieczór w tygodniu daleko od celu",
        "Strona 1 z 4",
    ):
        assert said in first


def test_the_last_page_is_for_the_fridge_and_names_no_child() -> None:
    pages = pages_of(zosia("en"))
    assert len(pages) == 4
    assert pages[-1].startswith("For the fridge: next steps Tuesday 8 December 2026, at 15:30")
    for said in ("Thursday 14 January 2027, at 9:15", "tel. +48 55 501 44 55", "Questions? Call:"):
        assert said in pages[-1]
    assert "Zosia" not in pages[-1]
    assert "13 October" not in pages[-1]


def test_many_long_steps_still_fit_on_the_one_page_for_the_fridge() -> None:
    long = tuple(replace(step, text=step.text * 5, where=step.where * 3) for step in ZOSIA.steps)
    pages = pages_of(plan_pdf(replace(ZOSIA, steps=long * 3), "pl"))
    fridge = [page for page in pages if "Na lodówkę" in page]
    assert fridge == pages[-1:]
    assert "Pytania? Zadzwoń: Barbara Lipska" in pages[-1]
    assert "Dalsze kroki są w planie." in pages[-1]


def test_a_telephone_number_can_be_pressed_on() -> None:
    with opened(zosia("pl")) as document:
        marks = [mark for page in document.pages for mark in page.get("/Annots", [])]
        addresses = {str(mark.A.URI) for mark in marks}
        assert all("/Contents" in mark for mark in marks)
    assert addresses == {
        "https://lipowo.example/plany/PW-12-2026",
        *("tel:555012030", "tel:555017788", "tel:+48555014455", "tel:555016600"),
    }


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert plan_pdf(ZOSIA, "pl") == zosia("pl")
    assert plan_pdf(replace(ZOSIA, version=3), "pl") != zosia("pl")


def test_an_empty_plan_has_a_page_and_one_for_the_fridge() -> None:
    pages = pages_of(plan_pdf(BARE, "pl"))
    assert len(pages) == 2
    assert "To jest projekt. Ten plan jeszcze nie obowiązuje." in pages[0]
    assert "Uwaga do druku" not in "".join(pages)


def test_letters_that_cannot_be_printed_are_boxes_and_the_document_says_so() -> None:
    goal = replace(PLAYING, baseline="Олена 🙂 אב")
    told = " ".join(pages_of(plan_pdf(replace(BARE, goals=(goal,)), "pl")))
    assert "Jak było na początku: Олена □ □□" in told
    assert "Uwaga do druku Niektórych znaków z tego planu nie umiemy wydrukować" in told


# Marks that stand on other letters are left out: what reads the text back repeats the letter beneath.
DRAWN = sorted(letter for letter in map(chr, letters().drawn) if not unicodedata.combining(letter))
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)


@settings(max_examples=30)
@example(MARKUP, "pl")
@given(ANYTHING | st.text(st.sampled_from(DRAWN), max_size=150), st.sampled_from(LANGUAGES))
def test_whatever_people_write_is_set_as_they_wrote_it(text: str, language: Language) -> None:
    goal = replace(PLAYING, text=f"Q{text}Q", indicator=text, baseline=text, target=text)
    pages = pages_of(plan_pdf(replace(BARE, county=text, goals=(goal,)), language))
    assert squeezed(drawable(f"Q{text}Q", letters())) in squeezed("".join(pages))
