"""How the rows of RSPO, of the nursery register and of anybody's own table become institutions. Pure.

Sources: RSPO's CSV as published by the education ministry (columns by name), and the register of nurseries and
children's clubs of the act of 4 February 2011, art. 27. Directors' names are personal data and are not taken.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any

from services.chassis.files import RowProblem
from services.registry.institution_imports.rules import cells
from services.registry.institutions.rules.facts import contradictions
from services.registry.institutions.rules.kinds import (
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
    sector_of,
)

STAGING: Mapping[str, str] = {
    "source_key": "text",
    "voivodeship_name": "text",
    "county_name": "text",
    "name": "text",
    "type": "text",
    "sector": "text",
    "ownership": "text",
    "reference_level": "text",
    "county_terc": "text",
    "commune_terc": "text",
    "locality": "text",
    "street": "text",
    "building": "text",
    "unit": "text",
    "postcode": "text",
    "post_office": "text",
    "latitude": "double precision",
    "longitude": "double precision",
    "phone": "text",
    "email": "text",
    "website": "text",
    "rspo": "text",
    "regon": "text",
    "nip": "text",
    "krs": "text",
    "running_body": "text",
    "places": "integer",
    "enrolled": "integer",
    "is_accessible": "boolean",
    "opened_on": "date",
    "closed_on": "date",
}

_NAME = cells.repeating(cells.text)
_DAY = cells.repeating(cells.day)
_COUNT = cells.repeating(cells.count)
_FLAG = cells.repeating(cells.flag)
_DEGREES = cells.repeating(cells.degrees)
_COUNTY_CODE, _COMMUNE_CODE = (
    cells.repeating(cells.digits(4)),
    cells.repeating(cells.digits(7)),
)

_ADDRESS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(
        ("locality", "street", "building", "unit", "post_office", "running_body"), _NAME
    ),
    **dict.fromkeys(("phone", "email", "website"), cells.text),
    "postcode": cells.repeating(cells.postcode),
    "regon": cells.regon,
}

RSPO_FIELDS = {
    "Numer RSPO": "rspo",
    "REGON": "regon",
    "NIP": "nip",
    "Typ": "type",
    "Nazwa": "name",
    "Kod terytorialny powiat": "county_code",
    "Kod terytorialny gmina": "commune_code",
    "Miejscowość": "locality",
    "Ulica": "street",
    "Numer budynku": "building",
    "Numer lokalu": "unit",
    "Kod pocztowy": "postcode",
    "Poczta": "post_office",
    "Telefon": "phone",
    "E-mail": "email",
    "Strona www": "website",
    "Publiczność status": "ownership",
    "Data założenia": "founded_on",
    "Data rozpoczęcia działalności": "opened_on",
    "Data likwidacji": "closed_on",
    "Nazwa organu prowadzącego": "running_body",
}
_RSPO = cells.Reader(
    _ADDRESS
    | {
        "rspo": cells.rspo,
        "nip": cells.nip,
        "type": _NAME,
        "name": cells.text,
        "county_code": cells.repeating(cells.digits(4, 7)),
        "commune_code": _COMMUNE_CODE,
        "ownership": _NAME,
        "founded_on": _DAY,
        "opened_on": _DAY,
        "closed_on": _DAY,
    },
    *STAGING,
)
_RSPO_TYPES = (
    ("przedszkole", InstitutionType.KINDERGARTEN),
    ("punkt przedszkolny", InstitutionType.OTHER_PRESCHOOL_FORM),
    ("zespół wychowania przedszkolnego", InstitutionType.OTHER_PRESCHOOL_FORM),
    ("szkoła podstawowa", InstitutionType.PRIMARY_SCHOOL),
    ("liceum", InstitutionType.SECONDARY_SCHOOL),
    ("technikum", InstitutionType.SECONDARY_SCHOOL),
    ("branżowa szkoła", InstitutionType.SECONDARY_SCHOOL),
    ("szkoła policealna", InstitutionType.SECONDARY_SCHOOL),
    ("szkoła specjalna przysposabiająca", InstitutionType.SECONDARY_SCHOOL),
    ("zespół szkół", InstitutionType.SCHOOL_COMPLEX),
    ("specjalny ośrodek szkolno-wychowawczy", InstitutionType.SPECIAL_SCHOOL_CENTRE),
    ("specjalny ośrodek wychowawczy", InstitutionType.SPECIAL_EDUCATION_CENTRE),
    (
        "ośrodek rewalidacyjno-wychowawczy",
        InstitutionType.REHABILITATION_EDUCATION_CENTRE,
    ),
    ("młodzieżowy ośrodek wychowawczy", InstitutionType.YOUTH_EDUCATION_CENTRE),
    ("młodzieżowy ośrodek socjoterapii", InstitutionType.YOUTH_SOCIOTHERAPY_CENTRE),
    (
        "poradnia psychologiczno-pedagogiczna",
        InstitutionType.PSYCH_PED_COUNSELLING_CENTRE,
    ),
    ("poradnia specjalistyczna", InstitutionType.SPECIALIST_COUNSELLING_CENTRE),
    ("placówka doskonalenia nauczycieli", InstitutionType.TEACHER_TRAINING_CENTRE),
)

NURSERY_FIELDS = {
    "Numer wpisu": "source_key",
    "Numer ewidencyjny": "source_key",
    "Data wpisu": "opened_on",
    "Data wykreślenia": "closed_on",
    "Typ": "type",
    "Forma opieki": "type",
    "Nazwa": "name",
    "Nazwa placówki": "name",
    "Podmiot prowadzący": "running_body",
    "NIP": "nip",
    "REGON": "regon",
    "Województwo": "voivodeship_name",
    "Powiat": "county_name",
    "Kod TERYT gminy": "commune_terc",
    "Kod terytorialny gmina": "commune_terc",
    "Miejscowość": "locality",
    "Ulica": "street",
    "Numer budynku": "building",
    "Numer lokalu": "unit",
    "Kod pocztowy": "postcode",
    "E-mail": "email",
    "Telefon": "phone",
    "Strona www": "website",
    "Liczba miejsc": "places",
    "Liczba dzieci zapisanych": "enrolled",
    "Liczba zapisanych dzieci": "enrolled",
    "Dostosowanie do potrzeb dzieci niepełnosprawnych": "is_accessible",
}
_NURSERY_TYPES = (
    ("żłobek", InstitutionType.NURSERY),
    ("klub dziecięcy", InstitutionType.CHILDRENS_CLUB),
    ("dzienny opiekun", InstitutionType.DAY_CARER),
)
_NURSERY = cells.Reader(
    _ADDRESS
    | {
        "source_key": cells.text,
        "voivodeship_name": _NAME,
        "county_name": _NAME,
        "name": cells.text,
        "type": _NAME,
        "nip": cells.nip,
        "commune_terc": _COMMUNE_CODE,
        "places": _COUNT,
        "enrolled": _COUNT,
        "is_accessible": _FLAG,
        "opened_on": _DAY,
        "closed_on": _DAY,
    },
    *STAGING,
)

_GENERIC = cells.Reader(
    _ADDRESS
    | {
        "external_id": cells.text,
        "voivodeship_name": _NAME,
        "county_name": _NAME,
        "name": cells.text,
        "type": cells.repeating(cells.listed(*InstitutionType)),
        "sector": cells.repeating(cells.listed(*Sector)),
        "ownership": cells.repeating(cells.listed(*Ownership)),
        "reference_level": cells.repeating(cells.listed(*ReferenceLevel)),
        "county_terc": _COUNTY_CODE,
        "commune_terc": _COMMUNE_CODE,
        "latitude": _DEGREES,
        "longitude": _DEGREES,
        "rspo": cells.rspo,
        "nip": cells.nip,
        "krs": cells.digits(10),
        "places": _COUNT,
        "enrolled": _COUNT,
        "is_accessible": _FLAG,
        "opened_on": _DAY,
        "closed_on": _DAY,
    },
    *STAGING,
)
GENERIC_FIELDS = {name: name for name in _GENERIC.readers}

Parsed = tuple[Any, ...] | list[RowProblem]


def _kind(
    word: str | None, kinds: tuple[tuple[str, InstitutionType], ...]
) -> InstitutionType | None:
    folded = (word or "").casefold()
    return next(
        (kind for beginning, kind in kinds if folded.startswith(beginning)), None
    )


_in_order = itemgetter(*STAGING)


def _staged(values: dict[str, Any], problems: list[RowProblem]) -> Parsed:
    """The row as it is staged, or everything that is wrong with it."""
    problems += (
        _lacking(values, {place for place, _ in problems})
        if problems or not _is_complete(values)
        else []
    )
    if not problems:
        problems = [
            RowProblem(f"/{field}", code) for field, code in contradictions(values)
        ]
    if problems:
        return problems
    values["sector"] = sector_of(values["type"], values["sector"])
    staged: tuple[Any, ...] = _in_order(values)
    return staged


def _is_complete(values: dict[str, Any]) -> bool:
    place = values["county_terc"] or values["county_name"]
    return bool(values["source_key"] and values["name"] and values["type"] and place)


def _lacking(values: dict[str, Any], told: set[str]) -> list[RowProblem]:
    lacking = [field for field in ("source_key", "name", "type") if not values[field]]
    lacking += [] if values["county_terc"] or values["county_name"] else ["county_terc"]
    return [
        RowProblem(f"/{field}", "missing")
        for field in lacking
        if f"/{field}" not in told
    ]


def parse_rspo_row(row: cells.Row) -> Parsed:
    """A row of RSPO's CSV. The county is the beginning of the commune's code, else the county's own code."""
    values, problems = _RSPO.read(row)
    values["source_key"] = values.get("rspo")
    if values.get("type"):
        values["type"] = (
            _kind(values["type"], _RSPO_TYPES)
            or InstitutionType.OTHER_EDUCATION_INSTITUTION
        )
    values["commune_terc"] = values.get("commune_code")
    values["county_terc"] = (
        values.get("commune_code") or values.get("county_code") or ""
    )[:4] or None
    values["opened_on"] = values.get("opened_on") or values.get("founded_on")
    status = (values.get("ownership") or "").casefold()
    public = "publiczna" in status and "niepubliczna" not in status
    values["ownership"] = (
        (Ownership.PUBLIC if public else Ownership.NON_PUBLIC) if status else None
    )
    return _staged(values, problems)


def parse_nursery_row(row: cells.Row) -> Parsed:
    """A row of the register of nurseries and children's clubs."""
    values, problems = _NURSERY.read(row)
    given = values.get("type")
    values["type"] = _kind(given, _NURSERY_TYPES)
    if given and values["type"] is None:
        problems.append(RowProblem("/type", "not_listed"))
    values["county_terc"] = (values.get("commune_terc") or "")[:4] or None
    return _staged(values, problems)


def parse_generic_row(row: cells.Row) -> Parsed:
    """A row of anybody's table whose columns were mapped to our fields."""
    values, problems = _GENERIC.read(row)
    values["source_key"] = values.get("external_id") or values.get("regon")
    values["county_terc"] = (
        values.get("county_terc") or (values.get("commune_terc") or "")[:4] or None
    )
    return _staged(values, problems)
