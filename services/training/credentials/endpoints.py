"""/certificates/{id}/credential, and /credentials for verifiers, who have no token."""

from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import Field
from pydantic_core import to_json

from services.chassis.data.effects import Subject
from services.chassis.ground import clock
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers, problems
from services.chassis.ground.scalars import Id, Line
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.listing import QueryCount
from services.chassis.web.units import Audited, Reading
from services.training.certificates.queries import get_certificate
from services.training.credential_keys import keys_of
from services.training.credentials import queries, rules
from services.training.credentials.rules import Issuer
from services.training.credentials.schemas import (
    CredentialQuery,
    IssuerProfile,
    KeySet,
    PublicKey,
)
from services.training.demands import CanReadCertificates
from services.training.problems import (
    CertificateNotFound,
    CredentialKeyNotFound,
    CredentialKeysMissing,
)
from services.training.reads import record_read
from services.training.settings import TrainingSettings

StatusListNumber = Annotated[QueryCount, Field(le=100_000, examples=[0])]
router = slice_router(prefix="", tags=["credentials"])
MEDIA_TYPE = "application/vc+jwt"
# The media type of VC-JOSE-COSE, by which wallets recognise a credential.
_TOKEN: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}
}
# A revocation shows within a minute; verifiers in browsers need CORS.
_PUBLIC = {"cache-control": "public, max-age=60", "access-control-allow-origin": "*"}


def _issuer(settings: TrainingSettings) -> Issuer:
    # Without the last slash: verifiers compare ids as strings.
    return Issuer(settings.credential_issuer, settings.public_url.rstrip("/"))


def _published(document: object) -> Answer:
    return Answer(to_json(document), headers=_PUBLIC)


@router.get(
    "/certificates/{certificate_id}/credential",
    response_class=Response,
    responses=_TOKEN | problems(CertificateNotFound, CredentialKeysMissing),
)
async def get_certificate_credential(
    caller: CanReadCertificates,
    reading: Audited,
    request: Request,
    certificate_id: Id,
    query: Annotated[CredentialQuery, Query()],
) -> Response:
    """The certificate as an Open Badges 3.0 credential.

    A signed token, which anybody can verify with the published key.

    It holds the name only if the holder shows it; otherwise a salted digest, with which
    a name can be compared.
    """
    settings: TrainingSettings = request.app.state.settings
    keys, issuer = keys_of(settings), _issuer(settings)
    certificate = await get_certificate(reading, certificate_id)
    subject = Subject(f"certificates/{certificate_id}/credential")
    people = [certificate.trainee_id]
    record_read(reading, "get_certificate_credential", subject, people)
    accept_language = request.headers.get("accept-language", "")
    language = query.language or preferred_language(accept_language)
    issued = queries.issued_of(certificate)
    token = keys.sign(rules.credential(issued, issuer, language), issuer.keys)
    # A personal file: no cache may store it.
    headers = {"content-language": language, "cache-control": "no-store"}
    return Response(token, media_type=MEDIA_TYPE, headers=headers)


@router.get(
    "/credentials/issuer", responses=answers(IssuerProfile, CredentialKeysMissing)
)
async def get_credential_issuer(request: Request) -> Answer:
    """The issuer of certificates.

    A profile of Open Badges 3.0 with every key that has signed, for verifiers.
    """
    settings: TrainingSettings = request.app.state.settings
    issuer = _issuer(settings)
    keys = keys_of(settings).published(issuer.keys)
    return _published(rules.controller(issuer, keys))


@router.get("/credentials/keys", responses=answers(KeySet, CredentialKeysMissing))
async def get_credential_key_set(request: Request) -> Answer:
    """The public parts of all keys that have signed certificates, as a key set."""
    settings: TrainingSettings = request.app.state.settings
    keys = keys_of(settings).published(_issuer(settings).keys)
    return _published({"keys": keys})


@router.get(
    "/credentials/keys/{key_id}",
    responses=answers(PublicKey, CredentialKeyNotFound, CredentialKeysMissing),
)
async def get_credential_key(
    request: Request, key_id: Annotated[Line, Path(max_length=100)]
) -> Answer:
    """One public key, by the address that tokens have as `kid`."""
    settings: TrainingSettings = request.app.state.settings
    issuer = _issuer(settings)
    # Compared as a string: the input never becomes part of a request or a path.
    for key in keys_of(settings).published(issuer.keys):
        if key["kid"] == f"{issuer.keys}/{key_id}":
            return _published(key)
    raise CredentialKeyNotFound()


@router.get(
    "/credentials/status-lists/{number}",
    response_class=Response,
    responses=_TOKEN | problems(CredentialKeysMissing),
)
async def get_status_list(
    reading: Reading,
    request: Request,
    number: StatusListNumber,
) -> Response:
    """The list of revoked certificates.

    A signed Bitstring Status List 1.0, which holds positions alone.
    """
    settings: TrainingSettings = request.app.state.settings
    keys, issuer = keys_of(settings), _issuer(settings)
    # Numbers without people, since verifiers have no token.
    revoked = await queries.list_revoked(reading, number)
    payload = rules.status_list(number, revoked, issuer, clock.now())
    # Signed for every request: a stolen database holds no signed list to pass on.
    token = keys.sign(payload, issuer.keys)
    return Response(token, media_type=MEDIA_TYPE, headers=_PUBLIC)
