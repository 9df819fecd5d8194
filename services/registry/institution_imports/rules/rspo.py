"""How the rows of RSPO's CSV become institutions. Pure.

Source: the register of schools as published by the education ministry (columns by name). Directors' names are
personal data and are not taken.
"""

from services.chassis.tabular.cells import digits, remembered
from services.chassis.transfer.files import Row
from services.registry.institution_imports.rules import cells
from services.registry.institution_imports.rules.rows import (
    ADDRESS,
    COMMUNE_CODE,
    DAY,
    DISPENSABLE,
    NAME,
    STAGING,
    TEXT,
    Parsed,
    kind_of,
    staged,
)
from services.registry.institutions.rules.kinds import InstitutionType, Ownership

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
RSPO_IGNORED = (
    "Kod terytorialny województwo",
    "Kod terytorialny miejscowość",
    "Kod terytorialny ulica",
    "Województwo",
    "Powiat",
    "Gmina",
    "Rodzaj miejscowości",
    "Faks",
    "Kategoria uczniów",
    "Specyfika placówki",
    "Imię i nazwisko dyrektora",
    "Typ organu prowadzącego",
    "REGON organu prowadzącego",
    "NIP organu prowadzącego",
    "Województwo organu prowadzącego",
    "Powiat organu prowadzącego",
    "Gmina organu prowadzącego",
    "Miejsce w strukturze",
    "RSPO podmiotu nadrzędnego",
    "Typ podmiotu nadrzędnego",
    "Nazwa podmiotu nadrzędnego",
    "Liczba uczniów",
    "Tereny sportowe",
    "Języki nauczane",
    "Czy zatrudnia logopedę",
    "Czy zatrudnia psychologa",
    "Czy zatrudnia pedagoga",
    "Oddziały podstawowe wg specyfiki",
    "Oddziały dodatkowe",
)
"""Columns of the register that are not imported."""
_RSPO = cells.Reader(
    ADDRESS
    | {
        "rspo": cells.rspo,
        "nip": cells.nip,
        "type": NAME,
        "name": TEXT,
        # Four digits or seven: the first four are those of the county.
        "county_code": remembered(digits(4, 7)),
        "commune_code": COMMUNE_CODE,
        "ownership": NAME,
        "founded_on": DAY,
        "opened_on": DAY,
        "closed_on": DAY,
    },
    *STAGING,
    dispensable=DISPENSABLE,
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


def parse_rspo_row(row: Row) -> Parsed:
    """A row of RSPO's CSV. The county is the beginning of the commune's code, else the county's own code."""
    row_cells = _RSPO.read(row)
    values = row_cells.values
    values["source_key"] = values.get("rspo")
    if values.get("type"):
        values["type"] = (
            kind_of(values["type"], _RSPO_TYPES)
            # An institution of an unknown type is still imported.
            or InstitutionType.OTHER_EDUCATION_INSTITUTION
        )
    values["commune_terc"] = values.get("commune_code")
    values["county_terc"] = (
        values.get("commune_code") or values.get("county_code") or ""
    )[:4] or None
    # Some records have only the day of founding.
    values["opened_on"] = values.get("opened_on") or values.get("founded_on")
    status = (values.get("ownership") or "").casefold()
    # The word for non-public contains the word for public.
    is_public = "publiczna" in status and "niepubliczna" not in status
    values["ownership"] = (
        (Ownership.PUBLIC if is_public else Ownership.NON_PUBLIC) if status else None
    )
    return staged(row_cells)
