"""The PDF itself: what a screen reader, an archive and a telephone find in it."""

import uuid
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from page import ValidationProfile, validate_pdf_bytes

from services.chassis.ground.problems import Language
from services.training.certificate_documents.rules.documents import CertificateDocument
from services.training.certificate_documents.typesetting import certificate_pdf
from services.training.certificates.rules import CertificateContent, ContentModule, ContentOutcome
from tests.casework.plan_documents.pdfs import languages_of, opened, pages_of, tags_of

LANGUAGES: tuple[Language, ...] = ("pl", "en")
IN_BOTH = pytest.mark.parametrize("language", LANGUAGES)
LINK = "https://splot.example/v1/training/verify/0A1B2-C3D4E-F5G6H-J7K8M"


def module(number: int, title: str, form: str = "workshop") -> ContentModule:
    return ContentModule(number=number, title_pl=title, title_en=title, form=form, minutes=350, attended_minutes=250)


CONTENT = CertificateContent(
    programme_code="TMW",
    title_pl="Nowy model współpracy",
    title_en="A new model of cooperation",
    client="Ministerstwo Zmyślone",
    contractor="Stowarzyszenie Wymyślone",
    version_number=2,
    group_code="TMW-1",
    starts_on=date(2026, 9, 1),
    ends_on=date(2026, 10, 30),
    required_percent=80,
    attended_minutes=250,
    planned_minutes=350,
    minutes=700,
    modules=[module(1, "Diagnoza"), module(2, "Lektury", "self_study")],
    outcomes=[
        ContentOutcome(
            id=uuid.UUID(int=1),
            module_number=1,
            code="E1",
            text_pl="Opisuje potrzeby",
            text_en="Describes needs",
            criterion_pl="Trzy potrzeby",
            criterion_en="Three needs",
            method="task",
            validated_on=date(2026, 10, 12),
        )
    ],
)
LUCJA = CertificateDocument(
    number="TMW/2026/000123",
    code="0A1B2-C3D4E-F5G6H-J7K8M",
    name="Łucja Żółć-Wymyślona",
    issued_on=date(2026, 11, 29),
    issuer="Splot",
    link=LINK,
    is_revoked=False,
    content=CONTENT,
)
BARE = replace(LUCJA, is_revoked=True, content=CONTENT.model_copy(update={"modules": [], "outcomes": []}))


@cache
def lucja(language: Language) -> bytes:
    return certificate_pdf(LUCJA, language)


@IN_BOTH
@pytest.mark.parametrize("standard", [ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A])
def test_a_validator_finds_nothing_against_the_standards(standard: ValidationProfile, language: Language) -> None:
    for pdf in (lucja(language), certificate_pdf(BARE, language)):
        report = validate_pdf_bytes(pdf, profile=standard)
        assert report.is_compliant, str(report)


@IN_BOTH
def test_language_and_title_stand_before_everything_and_headings_in_order(language: Language) -> None:
    title = {
        "pl": "Certyfikat TMW/2026/000123: Nowy model współpracy",
        "en": "Certificate TMW/2026/000123: A new model of cooperation",
    }
    with opened(lucja(language)) as document, document.open_metadata() as told:
        assert str(document.Root.Lang) == language
        assert str(document.docinfo["/Title"]) == title[language]
        assert told["pdfuaid:part"] == "1"
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
    levels = [int(tag.kind[1]) for tag in tags_of(lucja(language)).all("H1", "H2")]
    assert levels == [1, 2, 2, 2]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_polish_name_is_spoken_in_polish_in_an_english_document() -> None:
    assert languages_of(lucja("en")) == {"en", "pl"}


def test_the_first_page_says_who_what_when_and_how_to_verify() -> None:
    first = pages_of(lucja("pl"))[0]
    for said in (
        "Łucja Żółć-Wymyślona",
        "Nowy model współpracy",
        "Grupa TMW-1, szkolenie od 1 września 2026 r. do 30 października 2026 r.",
        "Obecność: 4 godz. 10 min z 5 godz. 50 min zaplanowanych na zajęcia. Cały program: 11 godz. 40 min.",
        "Numer: TMW/2026/000123 Data wydania: 29 listopada 2026 r.",
        "0A1B2-C3D4E-F5G6H-J7K8M",
        "1 Diagnoza 5 godz. 50 min 4 godz. 10 min 2 Lektury 5 godz. 50 min nauka własna",
        "1. Opisuje potrzeby Trzy potrzeby zadanie 12.10.2026",
    ):
        assert said in first
    assert "unieważniony" not in first


def test_the_code_is_told_in_words_and_its_address_can_be_pressed_on() -> None:
    [alt] = [tag.alt for tag in tags_of(lucja("pl")).all("Figure")]
    assert alt.startswith("Kod QR z adresem")
    with opened(lucja("pl")) as document:
        marks = [mark for page in document.pages for mark in page.get("/Annots", [])]
        assert {str(mark.A.URI) for mark in marks} == {LINK}


def test_a_revoked_certificate_says_so_and_tables_have_heads() -> None:
    assert "This certificate has been revoked." in pages_of(certificate_pdf(BARE, "en"))[0]
    tables = tags_of(lucja("en")).all("Table")
    assert [len(table.all("THead")[0].all("TH")) for table in tables] == [4, 4]


def test_the_same_certificate_gives_the_same_bytes() -> None:
    assert certificate_pdf(LUCJA, "pl") == lucja("pl")


def test_letters_that_cannot_be_printed_are_boxes_and_the_document_says_so() -> None:
    told = " ".join(pages_of(certificate_pdf(replace(BARE, name="Олена 🙂 #panic()"), "pl")))
    assert "Олена □ #panic()" in told
    assert "Niektórych znaków nie umiemy wydrukować" in told
