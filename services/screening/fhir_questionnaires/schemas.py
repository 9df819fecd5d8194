"""The search for Questionnaires on the wire."""

from typing import Annotated

from pydantic import Field, Strict, StringConstraints

from services.chassis.fhir.asking import FhirSearch
from services.screening.instruments.rules.definitions import InstrumentCode

PartId = Annotated[
    str,
    Strict(),
    StringConstraints(
        # Two digits: a version has at most 50 forms, a screening at most 100 scales.
        pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(0|[1-9][0-9]?)$"
    ),
]
"""The id of a version or a screening, and the index of a form or a scale in it."""

# The patterns of InstrumentCode and ScaleCode are repeated: types cannot be joined into
# one pattern.
_FORM = "urn:splot:instrument:[A-Z][A-Z0-9_-]{1,39}:[A-Za-z][A-Za-z0-9_-]{0,39}"
Form = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^{_FORM}(\|[1-9][0-9]{{0,8}})?$")
]
"""The canonical URL of a form, with or without a version."""
FormOfVersion = Annotated[
    str, Strict(), StringConstraints(pattern=rf"^{_FORM}\|[1-9][0-9]{{0,8}}$")
]


class QuestionnaireSearch(FhirSearch):
    """A search for questionnaires."""

    instrument: InstrumentCode | None = Field(
        default=None, description="code of the instrument"
    )
    url: Form | None = Field(
        default=None, description="of the form, with or without its version"
    )
