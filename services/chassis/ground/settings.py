"""Settings for operators, read from the environment."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.trails.checkpoints import VerifierKey, seed_of

Environment = Literal["development", "test", "production"]


class IdentitySettings(BaseSettings):
    """The settings needed to trust a caller, in a service and in the gateway alike."""

    # Faults of settings are logged without the value, which may be a secret.
    model_config = SettingsConfigDict(
        env_file=None, extra="ignore", hide_input_in_errors=True
    )

    # A missing variable must not open anything.
    environment: Environment = Field(
        default="production",
        description="development opens the development issuer; anything unsafe is refused elsewhere",
    )
    oidc_issuer: str = Field(description="exact `iss` of the tokens that are accepted")
    oidc_audience: str = Field(default="splot", description="`aud` that tokens carry")
    oidc_jwks_url: str | None = Field(
        default=None,
        description="where the issuer's keys are, when not by discovery (http, https or unix:PATH:/url)",
    )
    allowed_hosts: list[str] = Field(
        default=["localhost", "127.0.0.1", "[::1]"],
        description="JSON list of Host names answered; others get 421",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="least severe line kept"
    )
    leaving_seconds: float = Field(
        default=0.5, ge=0, le=60, description="how long an ending process says so"
    )
    plain_ways: bool = Field(
        default=False,
        description="go without what exists for speed alone, to find out whether a fault lies there",
    )


class ServiceSettings(IdentitySettings):
    """Settings that every service has."""

    database_url: SecretStr = Field(
        description="postgresql+asyncpg://… as the service's own application role"
    )
    database_pool_size: int = Field(
        default=10,
        ge=1,
        le=100,
        description="database connections of one process; half as many more for searches",
    )
    replica_database_url: SecretStr | None = Field(
        default=None,
        description="the same of a replica, where exports and statistics are then read",
    )
    replica_lag_seconds: float = Field(
        default=10.0, gt=0, description="a replica further behind is not asked"
    )
    pool_wait_seconds: float = Field(
        default=2.0, gt=0, description="longest wait for a connection before 503"
    )
    cursor_key: SecretStr = Field(
        min_length=32, description="signs paging cursors; the same in all replicas"
    )
    max_json_bytes: int = Field(
        default=1_048_576, ge=1024, description="largest JSON body"
    )
    max_upload_bytes: int = Field(
        default=67_108_864, ge=1024, description="largest imported file"
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="the platform's address for the outside: links in documents, QR codes and FHIR Bundles lead there",
    )
    run_jobs: bool = Field(
        default=True,
        description="whether this process also works on background jobs and follows other services' events",
    )
    webhook_keyring_file: Path | None = Field(
        default=None,
        description="file with the keys that seal the secrets of webhooks: lines `wrap ID BASE64`, the last of which"
        " seals new ones, and `index BASE64`; unset, there are no webhooks",
    )
    webhook_loopback: bool = Field(
        default=False,
        description="whether webhooks may also lead to this machine, by http too; refused in production",
    )
    audit_key: SecretStr | None = Field(
        default=None,
        description="signs checkpoints (Ed25519): 32 random bytes in base64url, each service's own; or no seals",
    )
    audit_origin: str = Field(
        default="splot",
        pattern=r"^[^\s+]+$",
        description="this platform's name in checkpoints, best its public one; the service's name is added",
    )
    audit_earlier_verifiers: list[str] = Field(
        default=[],
        description="JSON list of the verifier keys of signing keys that were in use before",
    )
    audit_checkpoint_file: Path | None = Field(
        default=None,
        description="file out of all backups for the newest checkpoint: a trail that lacks it is not sealed on",
    )

    @model_validator(mode="after")
    def _is_closed_in_production(self) -> Self:
        if self.webhook_loopback and self.environment == "production":
            raise ValueError("WEBHOOK_LOOPBACK is for development")
        return self

    @field_validator("audit_key")
    @classmethod
    def _is_a_seed(cls, key: SecretStr | None) -> SecretStr | None:
        # Read at the start, not when the first seal is due.
        if key is not None:
            seed_of(key.get_secret_value())
        return key

    @field_validator("audit_earlier_verifiers")
    @classmethod
    def _are_verifier_keys(cls, keys: list[str]) -> list[str]:
        return [str(VerifierKey.read(key)) for key in keys]


class AskingSettings(ServiceSettings):
    """Settings of a service that calls others, with an account of its own."""

    oidc_token_url: str | None = Field(
        default=None,
        description="the identity provider's token endpoint (http, https or"
        " unix:PATH:/url), for the account below",
    )
    account_id: str | None = Field(
        default=None,
        description="client of the identity provider, to ask other services as",
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

    def demand_account(self, need: str, *urls: str | None) -> None:
        """ValueError, beginning with `need`, if a URL is set without an account."""
        # Checked when the service starts, and not at its first call.
        if any(urls) and not (self.oidc_token_url and all(self.account)):
            raise ValueError(f"{need} OIDC_TOKEN_URL, ACCOUNT_ID and ACCOUNT_SECRET")
