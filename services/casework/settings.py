"""What an operator can set of casework alone."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.chassis.ground.settings import ServiceSettings


class CaseworkSettings(ServiceSettings):
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
    oidc_token_url: str | None = Field(
        default=None,
        description="the identity provider's token endpoint (http, https or"
        " unix:PATH:/url), for the account below",
    )
    account_id: str | None = Field(
        default=None,
        description="client of the identity provider with the scopes registry:read,"
        " registry:reserve, screening:read"
        " and events:read, to ask the other services as",
    )
    account_secret: SecretStr | None = Field(
        default=None, description="that client's secret"
    )

    @property
    def account(self) -> tuple[str, str]:
        """The client and its secret."""
        return (
            self.account_id or "",
            self.account_secret.get_secret_value() if self.account_secret else "",
        )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        # Found out when the service starts, and not by the first child who is referred.
        asks = self.registry_url or self.screening_url
        if asks and not (self.oidc_token_url and all(self.account)):
            raise ValueError(
                "REGISTRY_URL and SCREENING_URL need OIDC_TOKEN_URL, ACCOUNT_ID and"
                " ACCOUNT_SECRET"
            )
        return self
