"""What an operator can set of training alone."""

from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator

from services.chassis.ground.settings import ServiceSettings


class TrainingSettings(ServiceSettings):
    """Settings of training."""

    max_material_bytes: int = Field(
        default=20 * 1024 * 1024,
        ge=1,
        description="largest file of a training material, in bytes",
    )
    credential_keys_file: Path | None = Field(
        default=None,
        description="file with the private keys that sign certificates, as a JSON Web"
        " Key Set; the last one signs, and the public parts of all are published; unset,"
        " no certificate is issued",
    )
    credential_issuer: str = Field(
        default="Splot",
        description="name of whoever issues certificates, as verifiers show it",
    )
    # Optional: programmes without test locations need no registry.
    registry_url: str | None = Field(
        default=None,
        description="where the registry answers (http, https or unix:PATH); unset,"
        " nobody is enrolled for a location",
    )
    oidc_token_url: str | None = Field(
        default=None,
        description="the identity provider's token endpoint (http, https or"
        " unix:PATH:/url), for the account below",
    )
    account_id: str | None = Field(
        default=None,
        description="client of the identity provider with the scope registry:read, to"
        " ask the registry as",
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
        # At the start, and not when the first trainee of a location is enrolled.
        if self.registry_url and not (self.oidc_token_url and all(self.account)):
            raise ValueError(
                "REGISTRY_URL needs OIDC_TOKEN_URL, ACCOUNT_ID and ACCOUNT_SECRET"
            )
        return self
