"""How the rows of anybody's own table become institutions, its columns mapped to our fields. Pure."""

from services.registry.institution_imports.rules import cells
from services.registry.institution_imports.rules.rows import (
    ADDRESS,
    COMMUNE_CODE,
    COUNT,
    DAY,
    FLAG,
    NAME,
    STAGING,
    Parsed,
    staged,
)
from services.registry.institutions.rules.kinds import (
    InstitutionType,
    Ownership,
    ReferenceLevel,
    Sector,
)

_DEGREES = cells.repeating(cells.degrees)
_GENERIC = cells.Reader(
    ADDRESS
    | {
        "external_id": cells.text,
        "voivodeship_name": NAME,
        "county_name": NAME,
        "name": cells.text,
        "type": cells.repeating(cells.listed(*InstitutionType)),
        "sector": cells.repeating(cells.listed(*Sector)),
        "ownership": cells.repeating(cells.listed(*Ownership)),
        "reference_level": cells.repeating(cells.listed(*ReferenceLevel)),
        "county_terc": cells.repeating(cells.digits(4)),
        "commune_terc": COMMUNE_CODE,
        "latitude": _DEGREES,
        "longitude": _DEGREES,
        "rspo": cells.rspo,
        "nip": cells.nip,
        "krs": cells.digits(10),
        "places": COUNT,
        "enrolled": COUNT,
        "is_accessible": FLAG,
        "opened_on": DAY,
        "closed_on": DAY,
    },
    *STAGING,
)
# A file whose columns are called as our fields needs no mapping.
GENERIC_FIELDS = {name: name for name in _GENERIC.readers}


def parse_generic_row(row: cells.Row) -> Parsed:
    """A row of anybody's table whose columns were mapped to our fields."""
    values, problems = _GENERIC.read(row)
    # Without a key the next file could not find the institution again.
    values["source_key"] = values.get("external_id") or values.get("regon")
    values["county_terc"] = (
        values.get("county_terc") or (values.get("commune_terc") or "")[:4] or None
    )
    return staged(values, problems)
