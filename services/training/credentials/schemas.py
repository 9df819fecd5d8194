"""Credentials on the wire."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class CredentialQuery(BaseModel):
    """The language of the credential."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    language: Literal["pl", "en"] | None = Field(
        default=None, description="as the request's Accept-Language when absent"
    )


class PublicKey(BaseModel):
    """The public part of a key (RFC 7517)."""

    kty: str = Field(description="family of the key")
    crv: str = Field(description="its curve")
    x: str = Field(description="of its point on the curve")
    y: str = Field(description="of its point on the curve")
    kid: str = Field(description="the address that tokens name it by")
    alg: str = Field(description="the signature that it is for")
    use: str = Field(description="`sig`: it verifies signatures")


class KeySet(BaseModel):
    """Every key that has signed."""

    keys: list[PublicKey] = Field(description="the public parts")


class VerificationMethod(BaseModel):
    """A key of the issuer (Controlled Identifiers 1.0)."""

    id: str = Field(description="its address")
    type: str
    controller: str = Field(description="whose key it is")
    publicKeyJwk: PublicKey = Field(  # noqa: N815
        description="its public part"
    )


class IssuerProfile(BaseModel):
    """The issuer, as a profile of Open Badges 3.0."""

    context: list[str] = Field(alias="@context", description="what its words mean")
    id: str = Field(description="its address")
    type: list[str]
    name: str
    url: str = Field(description="where it is found")
    verificationMethod: list[VerificationMethod] = Field(  # noqa: N815
        description="every key that has signed"
    )
    assertionMethod: list[str] = Field(  # noqa: N815
        description="addresses of the keys by which credentials are verified"
    )
