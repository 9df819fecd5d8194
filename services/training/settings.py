"""Settings of the training service."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from services.chassis.ground.settings import AskingSettings


class TrainingSettings(AskingSettings):
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
    # Optional: programmes without test locations do not need the registry.
    registry_url: str | None = Field(
        default=None,
        description="where the registry answers (http, https or unix:PATH); unset,"
        " nobody is enrolled for a location",
    )
    account_id: str | None = Field(
        default=None,
        description="client of the identity provider with the scope registry:read, to"
        " ask the registry as",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        # Checked at the start, not when the first trainee of a location is enrolled.
        self.demand_account("REGISTRY_URL needs", self.registry_url)
        return self
