"""The document of a certificate on the wire."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class CertificateDocumentQuery(BaseModel):
    """The language of the document."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    language: Literal["pl", "en"] | None = Field(
        default=None, description="as the request's Accept-Language when absent"
    )
