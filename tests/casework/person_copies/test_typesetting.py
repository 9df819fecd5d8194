"""The pages of a copy: what a screen reader, an archive and a reader find in them."""

import json
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib import import_module
from itertools import pairwise
from pkgutil import walk_packages
from typing import Any

import pytest
from page import ValidationProfile, validate_pdf_bytes
from sqlalchemy import LargeBinary

import services.casework
from services.casework.paper.rules.words import Say
from services.casework.person_copies.rules.codes import CODES
from services.casework.person_copies.rules.fields import FIELDS, TABLES
from services.casework.person_copies.rules.values import NOT_PRINTED, value
from services.casework.person_copies.typesetting import copy_pdf
from services.casework.person_records.queries import person_tables
from services.casework.person_records.rules import LEFT_OUT, REFERENCES, tells_of_staff
from services.chassis.ground.problems import Language
from tests.casework.plan_documents.pdfs import opened, pages_of, tags_of

IN_BOTH = pytest.mark.parametrize("language", ["pl", "en"])
# What may be done or is missing, what is counted, and what is not one person's.
OTHER_ENDS = ("Verb", "Need", "Status")
NOT_OF_RECORDS = {
    *("DeadlineCode", "Component", "QualifierKind", "Unsuitable", "ChangeKind", "Part", "ApproverRole", "Sharing"),
    *("TaskKind", "Outcome", "MergeState", "RunState", "ReportState", "PathwayState", "RecordKind", "RetentionStart"),
    *("RetentionAction", "DocumentState", "PlanSector", "Permission", "ComparisonVerdict", "LegalBasis"),
    "TakeOver",
}
LOOK = {"id": 1, "recorded_at": "2026-11-28T23:30:00Z", "institution_id": None, "account": None, "is_change": False}
SAID: dict[str, Any] = {
    "person_id": "01990000-0000-7000-8000-0000000000c1",
    "made_at": "2026-11-29T10:05:00Z",
    "records": {
        "people": [
            {
                "id": "01990000-0000-7000-8000-0000000000c1",
                "version": 3,
                "created_at": "2026-02-01T08:00:00Z",
                "county_terc": "2469",
                "kind": "born",
                "sex": "female",
                "given_name": "Zofia",
                "family_name": "Przykładowa",
                "born_on": "2023-02-28",
                "telephone": None,
            }
        ],
        "cases": [],
        "assessments": [
            {
                "assessed_on": "2026-03-01",
                "kind": "functional",
                "findings": [
                    {"subject": "child", "code": "d330", "qualifiers": {"performance": "3", "capacity": None}}
                ],
                "strengths": [{"subject": "child", "text": "Chętnie bawi się z siostrą."}],
                "needs": [],
            },
            {"assessed_on": "2026-04-01", "kind": "wopfu", "note": 'Олена 🙂 #import "/etc/passwd" *b*'},
        ],
        "documents": [{"is_complex": False, "wopfu_on": ["2026-01-15", "2026-06-15"], "kind": "medical_certificate"}],
    },
    "counts": {"people": 1, "cases": 0, "assessments": 2, "documents": 1},
    "mentions": [{"table": "guardianships", "column": "guardian_id", "id": "01990000-0000-7000-8000-0000000000c2"}],
    "accesses": [
        {**LOOK, "roles": ["specialist"], "category": "plan", "action": "get_plan"},
        {**LOOK, "roles": ["specialist"], "category": "plan", "action": "get_plan_document"},
        {**LOOK, "roles": [], "category": None, "action": "export_person", "is_change": True},
    ],
    "left_out": LEFT_OUT,
}


@cache
def copy(language: Language, number: int = 1) -> bytes:
    export = SAID if number == 1 else {**SAID, "records": SAID["records"] | {"documents": [{}] * number}}
    return copy_pdf(json.dumps({"language": language, "export": export}).encode())


def text_of(language: Language) -> str:
    return " ".join(pages_of(copy(language))).replace("\xa0", " ")


@IN_BOTH
@pytest.mark.parametrize("standard", [ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A])
def test_a_validator_finds_nothing_against_the_standards(standard: ValidationProfile, language: Language) -> None:
    report = validate_pdf_bytes(copy(language), profile=standard)
    assert report.is_compliant, str(report)


@IN_BOTH
def test_the_copy_says_its_language_and_title_before_anything_is_read(language: Language) -> None:
    title = {
        "pl": "Kopia danych – Zofia Przykładowa, 29 listopada 2026 r.",
        "en": "Copy of data – Zofia Przykładowa, 29 November 2026",
    }
    with opened(copy(language)) as document, document.open_metadata() as told:
        assert str(document.Root.Lang) == language
        assert str(document.docinfo["/Title"]).replace("\xa0", " ") == title[language]
        assert (told["pdfuaid:part"], told["pdfaid:part"], told["pdfaid:conformance"]) == ("1", "2", "A")


@IN_BOTH
def test_headings_stand_in_order_and_every_table_has_a_head(language: Language) -> None:
    tags = tags_of(copy(language))
    levels = [int(tag.kind[1]) for tag in tags.all("H1", "H2", "H3")]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after - before <= 1 for before, after in pairwise(levels))
    # Contents, three tables of records, looks, mentions, the note; two assessments.
    assert (levels.count(2), levels.count(3)) == (7, 2)
    tables = tags.all("Table")
    assert [len(table.all("THead")[0].all("TH")) for table in tables] == [2, 2, 2, 2, 2, 4]
    assert [len(table.all("TBody")[0].all("TR")) for table in tables][:1] == [3]


def test_what_is_kept_is_said_in_polish() -> None:
    said = text_of("pl")
    for part in (
        "Kopię sporządzono: 29 listopada 2026 r., godz. 11.05.",
        "Data urodzenia 28 lutego 2023 r.",
        "Płeć kobieta",
        "Kogo dotyczy: dziecko; Kod ICF: d330; Kwalifikatory: Wykonanie: 3",
        "Kogo dotyczy: dziecko; Treść: Chętnie bawi się z siostrą.",
        "15 stycznia 2026 r. 15 czerwca 2026 r.",
        "Sprawa złożona nie",
        # Half past midnight in Poland is the next day, and two looks of one kind are one row.
        "29 listopada 2026 r. specjalista plan odczyt: 2",
        "29 listopada 2026 r. system prawa tej osoby zmiana: 1",
        "w których ta osoba występuje: 1.",
        'Олена □ #import "/etc/passwd" *b*',
        "Uwaga do druku",
    ):
        assert part in said, part
    assert "01990000" not in said
    assert "Telefon" not in said


def test_what_is_kept_is_said_in_english() -> None:
    said = text_of("en")
    for part in ("Date of birth 28 February 2023", "Sex female", "A complex matter no", "specialist plan read: 2"):
        assert part in said, part


def test_every_field_and_table_of_a_person_has_a_name_in_both_languages() -> None:
    unnamed = set()
    for kept in person_tables():
        if kept.owner is None or kept.table.name in LEFT_OUT:
            continue
        assert kept.table.name in TABLES
        others = {column.name for column in kept.mentions} | REFERENCES | NOT_PRINTED
        told = [column.name for column in kept.table.c if not isinstance(column.type, LargeBinary)]
        names = {*told} - others
        unnamed |= {name for name in names if not tells_of_staff(kept.table.name, name)}
    unnamed = {name for name in unnamed if name not in FIELDS and not name.endswith("_id")}
    assert unnamed == set()


def codes() -> dict[str, set[str]]:
    """What casework's enumerations hold, by their names; several of one name together."""
    found: dict[str, set[str]] = {}
    for module in walk_packages(services.casework.__path__, "services.casework."):
        if "migrations" not in module.name:
            for kind in vars(import_module(module.name)).values():
                if isinstance(kind, type) and issubclass(kind, StrEnum) and "casework" in kind.__module__:
                    found.setdefault(kind.__name__, set()).update(code.value for code in kind)
    return found


def test_every_code_of_a_record_has_a_meaning_in_both_languages() -> None:
    kept = {
        name: found for name, found in codes().items() if name not in NOT_OF_RECORDS and not name.endswith(OTHER_ENDS)
    }
    assert {"CaseState", "DocumentKind", "EndingReason", "PlanState", "SupportForm"} <= {*kept}
    assert {name: found - {*CODES} for name, found in kept.items() if not found <= {*CODES}} == {}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_what_is_empty_is_not_said(nothing: Any) -> None:
    assert value("note", nothing, Say("pl")) == []


def test_a_copy_of_many_records_and_looks_is_made_in_time() -> None:
    many = [{"occurred_on": "2026-01-15", "minutes": 45, "kind": "therapeutic", "notes": "ćwiczenia"}] * 800
    first = datetime(2024, 1, 1, 12, tzinfo=UTC)
    looks = [
        {**LOOK, "roles": ["specialist"], "category": "plan", "recorded_at": (first + timedelta(days=day)).isoformat()}
        for day in range(700)
    ]
    export = {**SAID, "records": SAID["records"] | {"support_events": many}, "accesses": looks}
    pages = pages_of(copy_pdf(json.dumps({"language": "pl", "export": export}).encode()))
    assert "Wpis 800" in " ".join(pages)
    assert "które są tylko w pliku JSON, jest: 200." in " ".join(pages).replace("\xa0", " ")
