"""Instrument packages on the wire."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, Strict, StringConstraints

from services.chassis.ground.scalars import Code, Wire
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.schemas import DEFINITION_EXAMPLE, InstrumentCreate
from services.screening.norm_sets.schemas import DOCUMENT_EXAMPLE, NormSetCreate

Signature = Annotated[
    str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")
]
PACKAGE_EXAMPLE: dict[str, Any] = {
    "format": "splot-package/1",
    "instrument": {
        "code": "EXAMPLE",
        "family": "EXAMPLE",
        "name": {"pl": "Przykład", "en": "Example"},
    },
    "definition": DEFINITION_EXAMPLE,
    "norm_sets": [{"code": "EXAMPLE-2026", "document": DOCUMENT_EXAMPLE}],
}


class InstrumentPackage(Wire):
    """An instrument, the definition of its next version, and norms for it."""

    format: Literal["splot-package/1"]
    instrument: InstrumentCreate
    definition: Definition
    norm_sets: list[NormSetCreate] = Field(default_factory=list, max_length=20)


class SignedPackage(Wire):
    """A package with its publisher's Ed25519 signature over the canonical bytes (RFC
    8785) of `package`.
    """

    package: InstrumentPackage
    publisher: Code | None = None
    signature: Signature | None = Field(default=None, description="64 bytes in base64")

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"package": PACKAGE_EXAMPLE}]}
    )
