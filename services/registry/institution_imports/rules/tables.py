"""How the rows of any table become institutions, its columns mapped to
our fields. Pure.
"""

from services.chassis.tabular.cells import decimal, digits, listed, remembered
from services.chassis.transfer.files import Row
from services.registry.institution_imports.rules import cells
from services.registry.institution_imports.rules.rows import (
    ADDRESS,
    COMMUNE_CODE,
    COUNT,
    COUNTY_CODE,
    DAY,
    DISPENSABLE,
    FLAG,
    NAME,
    STAGING,
    TEXT,
    Parsed,
    staged,
)
from services.registry.institutions.rules.kinds import (
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
)

_DEGREES = remembered(decimal)
# KRS numbers are assigned in sequence, and the highest has seven digits.
_KRS_ZEROS = 6
_GENERIC = cells.Reader(
    ADDRESS
    | {
        "external_id": TEXT,
        "voivodeship_name": NAME,
        "county_name": NAME,
        "name": TEXT,
        "type": remembered(listed(*InstitutionType)),
        "sector": remembered(listed(*Sector)),
        "ownership": remembered(listed(*Ownership)),
        "reference_level": remembered(listed(*ReferenceLevel)),
        "county_terc": COUNTY_CODE,
        "commune_terc": COMMUNE_CODE,
        "latitude": _DEGREES,
        "longitude": _DEGREES,
        "rspo": cells.rspo,
        "nip": cells.nip,
        "krs": digits(10, eaten=_KRS_ZEROS),
        "places": COUNT,
        "enrolled": COUNT,
        "is_accessible": FLAG,
        "opened_on": DAY,
        "closed_on": DAY,
    },
    *STAGING,
    dispensable=DISPENSABLE,
)
# A file whose columns are named like our fields needs no mapping.
GENERIC_FIELDS = {name: name for name in _GENERIC.readers}


def parse_generic_row(row: Row) -> Parsed:
    """A row of a table whose columns were mapped to our fields."""
    row_cells = _GENERIC.read(row)
    values = row_cells.values
    # Without a key the next file could not be matched with the institution.
    values["source_key"] = values.get("external_id") or values.get("regon")
    values["county_terc"] = (
        values.get("county_terc") or (values.get("commune_terc") or "")[:4] or None
    )
    return staged(row_cells)
