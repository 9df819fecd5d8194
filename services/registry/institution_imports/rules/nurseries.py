"""How the rows of the register of nurseries and children's clubs become institutions. Pure.

Source: the act of 4 February 2011 on the care of children under three, art. 27. Directors' names are personal data
and are not taken.
"""

from services.chassis.transfer.files import Row, RowProblem
from services.registry.institution_imports.rules import cells
from services.registry.institution_imports.rules.rows import (
    ADDRESS,
    COMMUNE_CODE,
    COUNT,
    DAY,
    DISPENSABLE,
    FLAG,
    NAME,
    STAGING,
    TEXT,
    Parsed,
    kind_of,
    staged,
)
from services.registry.institutions.rules.kinds import InstitutionType

NURSERY_FIELDS = {
    # Published files differ in their headings: some fields have two.
    "Numer wpisu": "source_key",
    "Numer ewidencyjny": "source_key",
    # A nursery may work once it is entered in the register (art. 26 of the act).
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
    ADDRESS
    | {
        "source_key": TEXT,
        "voivodeship_name": NAME,
        "county_name": NAME,
        "name": TEXT,
        "type": NAME,
        "nip": cells.nip,
        "commune_terc": COMMUNE_CODE,
        "places": COUNT,
        "enrolled": COUNT,
        "is_accessible": FLAG,
        "opened_on": DAY,
        "closed_on": DAY,
    },
    *STAGING,
    dispensable=DISPENSABLE,
)


def parse_nursery_row(row: Row) -> Parsed:
    """A row of the register of nurseries and children's clubs."""
    row_cells = _NURSERY.read(row)
    values = row_cells.values
    word = values.get("type")
    values["type"] = kind_of(word, _NURSERY_TYPES)
    # `staged` reports a missing type.
    if word and values["type"] is None:
        row_cells.problems.append(RowProblem("/type", "not_listed"))
    values["county_terc"] = (values.get("commune_terc") or "")[:4] or None
    return staged(row_cells)
