"""Rows of register files, read without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.tabular import cells
from services.chassis.tabular.rows import Taken
from services.registry.institution_imports.rules.nurseries import parse_nursery_row
from services.registry.institution_imports.rules.rows import STAGING
from services.registry.institution_imports.rules.rspo import parse_rspo_row
from services.registry.institution_imports.rules.tables import parse_generic_row

GENERIC = {"external_id": "7", "name": "Ośrodek", "type": "hospital", "county_terc": "2469"}


def staged(row: object) -> dict[str, object]:
    assert isinstance(row, tuple)
    return dict(zip(STAGING, row, strict=True))


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("Przedszkole", "kindergarten"),
        ("Punkt przedszkolny", "other_preschool_form"),
        ("Szkoła podstawowa", "primary_school"),
        ("Liceum ogólnokształcące", "secondary_school"),
        ("Branżowa szkoła I stopnia", "secondary_school"),
        ("Specjalny Ośrodek Szkolno-Wychowawczy", "special_school_centre"),
        ("Ośrodek Rewalidacyjno-Wychowawczy", "rehabilitation_education_centre"),
        ("Poradnia psychologiczno-pedagogiczna", "psych_ped_counselling_centre"),
        ("Biblioteki pedagogiczne", "other_education_institution"),
    ],
)
def test_the_types_of_rspo_become_ours(named: str, kind: str) -> None:
    row = {"rspo": "12", "type": named, "name": "X", "commune_code": "2469011"}
    assert staged(parse_rspo_row(row))["type"] == kind


def test_an_rspo_row_keeps_the_county_of_its_commune_and_no_directors_name() -> None:
    row = {"rspo": "000123", "type": "Przedszkole", "name": "Nr 5", "commune_code": "2469011", "nip": "856-734-62-15"}
    row |= {"ownership": "niepubliczna", "founded_on": "1.09.2001", "postcode": "40001"}
    found = staged(parse_rspo_row(row))
    assert (found["source_key"], found["county_terc"], found["nip"]) == ("123", "2469", "8567346215")
    assert (found["ownership"], found["opened_on"], found["postcode"]) == ("non_public", "2001-09-01", "40-001")
    assert "director" not in " ".join(STAGING)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ({"name": ""}, ("/name", "missing")),
        ({"type": "szpital"}, ("/type", "not_listed")),
        ({"regon": "192598183"}, ("/regon", "wrong_checksum")),
        ({"regon": "12345678612342"}, ("/regon", "wrong_checksum")),
        ({"nip": "8567346216"}, ("/nip", "wrong_checksum")),
        ({"county_terc": "", "external_id": "8"}, ("/county_terc", "missing")),
        ({"commune_terc": "2401011"}, ("/commune_terc", "outside_county")),
        ({"opened_on": "2020-13-01"}, ("/opened_on", "wrong_format")),
        ({"opened_on": "2021-01-01", "closed_on": "2020-01-01"}, ("/closed_on", "wrong_order")),
        ({"places": "-1"}, ("/places", "wrong_format")),
        ({"places": "10", "enrolled": "11"}, ("/enrolled", "more_than_capacity")),
        ({"latitude": "50.1"}, ("/longitude", "both_or_neither")),
        ({"latitude": "19.02", "longitude": "50.26"}, ("/latitude", "outside_poland")),
        ({"name": "a\u202eb"}, ("/name", "not_allowed_character")),
        ({"krs": "٠١٢٣٤٥٦٧٨٩"}, ("/krs", "wrong_format")),
        ({"type": "kindergarten", "reference_level": "II"}, ("/reference_level", "health_only")),
        ({"is_accessible": "może"}, ("/is_accessible", "not_listed")),
        ({"type": "ngo"}, ("/sector", "missing")),
    ],
)
def test_what_is_wrong_with_a_row_is_named_by_field_and_code(cell: dict[str, str], problem: tuple[str, str]) -> None:
    assert problem in [tuple(found) for found in parse_generic_row(GENERIC | cell)]


def test_a_nursery_row_reads_places_and_accessibility() -> None:
    row = {"source_key": "12/2020", "type": "Klub dziecięcy", "name": "Miś", "county_name": "Katowice"}
    found = staged(parse_nursery_row(row | {"places": "30", "enrolled": "28", "is_accessible": "Tak"}))
    assert (found["type"], found["sector"], found["is_accessible"]) == ("childrens_club", "family_support", True)


@pytest.mark.parametrize(
    ("field", "cell", "read"),
    [
        # The register of schools fills the numbers of nine digits up to fourteen.
        ("regon", "12345678500000", "123456785"),
        ("regon", "12345678512347", "12345678512347"),
        # Zeros that a spreadsheet took away; check digits by python-stdnum.
        ("regon", "331501", "000331501"),
        ("county_terc", "219", "0219"),
        ("commune_terc", "219011", "0219011"),
        ("krs", "123456", "0000123456"),
        ("postcode", "950", "00-950"),
        ("postcode", "1001", "01-001"),
        ("name", "Zespół\nSzkół\u00a0nr\u202f1", "Zespół Szkół nr 1"),
        ("locality", "Z\u0307ory", "Żory"),
        ("website", "www.sp1.example", "http://www.sp1.example"),
        ("opened_on", "2020-01-31 00:00:00", "2020-01-31"),
        ("places", "1\u00a0200", 1200),
    ],
)
def test_what_a_spreadsheet_does_to_a_cell_is_undone(field: str, cell: str, read: object) -> None:
    row = GENERIC | {"county_terc": cell[:3].zfill(4)} if field == "commune_terc" else GENERIC
    assert staged(parse_generic_row(row | {field: cell}))[field] == read


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("county_terc", "19"),
        ("commune_terc", "19011"),
        ("krs", "123"),
        ("regon", "331502"),
        ("regon", "12345678600000"),
        ("postcode", "1-001"),
        ("opened_on", "01/02/2020"),
        ("opened_on", "1020-01-01"),
        ("locality", "x" * 101),
        ("name", "a" + "\u0301" * 6),
    ],
)
def test_a_spelling_that_the_api_refuses_is_refused_in_a_file(field: str, cell: str) -> None:
    problems = parse_generic_row(GENERIC | {field: cell})
    assert isinstance(problems, list)
    assert [problem.pointer for problem in problems] == [f"/{field}"]


def test_a_row_is_taken_without_a_phone_that_the_api_would_refuse_and_says_so() -> None:
    taken = parse_generic_row(GENERIC | {"phone": "sekretariat", "email": "a@b", "website": "brak"})
    assert isinstance(taken, Taken)
    assert staged(taken.values)["phone"] is None
    assert [(one.pointer, one.code) for one in taken.warnings] == [
        (f"/{name}", "wrong_format") for name in ("phone", "email", "website")
    ]


@given(st.dictionaries(st.sampled_from([*STAGING, "external_id"]), st.text(max_size=20)))
def test_whatever_stands_in_a_row_it_is_staged_or_refused(row: dict[str, str]) -> None:
    parsed = parse_generic_row(row)
    values = parsed.values if isinstance(parsed, Taken) else parsed
    assert isinstance(values, tuple) is (len(values) == len(STAGING) and not hasattr(values[0], "code"))


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_a_date_is_read_in_the_three_ways_that_registers_write_it(day: object) -> None:
    iso = str(day)
    year, month, number = iso.split("-")
    assert {cells.day(text) for text in (iso, f"{number}.{month}.{year}", f"{number}-{month}-{year}")} == {iso}
