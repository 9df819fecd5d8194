"""The settings of casework."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from services.chassis.ground.settings import AskingSettings


class CaseworkSettings(AskingSettings):
    """Settings of casework."""

    # No default: without its keys the service must not start.
    keyring_file: Path = Field(
        description="file with the keys that seal personal data: lines `wrap ID"
        " BASE64`, the last of which wraps new"
        " keys, and `index BASE64`; it is in no backup of the database",
    )
    max_attachment_bytes: int = Field(
        default=10_485_760, ge=1024, description="largest attachment of a document"
    )
    tombstone_file: Path | None = Field(
        default=None,
        description="file beside the database that says who was erased: they are"
        " erased again before anything is served"
        " when the database was restored; create it empty, and keep it out of the"
        " database's backups",
    )
    registry_url: str | None = Field(
        default=None,
        description="where the registry answers (http, https or unix:PATH); unset,"
        " nothing goes to support services",
    )
    screening_url: str | None = Field(
        default=None,
        description="where screening answers (http, https or unix:PATH); unset, no"
        " confirmed positives come in",
    )
    account_id: str | None = Field(
        default=None,
        description="client of the identity provider with the scopes registry:read,"
        " registry:reserve, screening:read"
        " and events:read, to ask the other services as",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        # Checked at the start, and not when the first child is referred.
        self.demand_account(
            "REGISTRY_URL and SCREENING_URL need",
            self.registry_url,
            self.screening_url,
        )
        return self
