"""/verify/{code}, for people and programs without a token."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import Path, Query, Request, Response

from services.chassis.ground import clock
from services.chassis.ground.bodies import parse_json_object, validated
from services.chassis.ground.problems import (
    ContentTooLarge,
    Problem,
    UnsupportedMediaType,
)
from services.chassis.ground.refusals import preferred_language
from services.chassis.ground.responses import answers
from services.chassis.ground.scalars import Line
from services.chassis.media_types import preferred_type
from services.chassis.serving.routes import router as slice_router
from services.chassis.web.answers import Answer
from services.chassis.web.units import Change
from services.training.problems import CertificateNotFound, TooManyNameChecks
from services.training.settings import TrainingSettings
from services.training.verifications import actions
from services.training.verifications.rules import pages
from services.training.verifications.rules.pages import Visit
from services.training.verifications.rules.views import NameVerdict, Verification
from services.training.verifications.schemas import NameTyped, VerificationQuery

router = slice_router(prefix="/verify", tags=["verifications"])
FORM, LARGEST_FORM = "application/x-www-form-urlencoded", 4096
HTML = "text/html"
_HTML: dict[str, Any] = {HTML: {"schema": {"type": "string"}}}
# One address has answers for people and programs, in two languages.
_PRIVATE = {"cache-control": "no-store", "vary": "Accept, Accept-Language"}
_PAGE = {
    **_PRIVATE,
    "content-security-policy": pages.POLICY,
    # The address has the code, and in the holder's link a secret.
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex",
}
_CODE = (
    "with or without hyphens; `GET /v1/training/certificates` tells of those there are"
)
Code = Annotated[Line, Path(max_length=60, description=_CODE)]
_NAME_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": NameTyped.model_json_schema(),
                "example": {"name": "Anna Zmyślona"},
            },
            FORM: {"schema": NameTyped.model_json_schema()},
        },
    }
}


def _visit(request: Request, code: str, query: VerificationQuery) -> Visit:
    accept_language = request.headers.get("accept-language", "")
    return Visit(code, query.language or preferred_language(accept_language), query.key)


def _is_for_people(request: Request) -> bool:
    # Clients that accept anything get JSON: only browsers prefer HTML.
    accept = request.headers.get("accept", "")
    return preferred_type(accept, ["application/json", HTML]) == HTML


def _page(html: str, visit: Visit, status: int = 200) -> Response:
    headers = _PAGE | {"content-language": visit.language}
    return Response(html, status, headers, media_type=HTML)


def _refusal(problem: Problem, visit: Visit) -> Response:
    is_unknown = isinstance(problem, CertificateNotFound)
    # A person needs a page and no problem document.
    page = pages.unknown_page(visit) if is_unknown else pages.too_many_page(visit)
    answer = _page(page, visit, problem.status)
    if problem.retry_after is not None:
        answer.headers["retry-after"] = str(problem.retry_after)
    return answer


def _issuer(request: Request) -> str:
    settings: TrainingSettings = request.app.state.settings
    return settings.credential_issuer


async def _typed_name(request: Request) -> str:
    """The name in a form or a JSON body; never in the address."""
    media_type = (
        request.headers.get("content-type", "").partition(";")[0].strip().lower()
    )
    # Read here, since the JSON parsing of other routes takes no forms.
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            raise ContentTooLarge(limit_bytes=LARGEST_FORM)
    # The type that an HTML form sends.
    if media_type == FORM:
        fields: object = dict(parse_qsl(body.decode(errors="replace")))
    elif media_type == "application/json":
        fields = parse_json_object(bytes(body))
    else:
        raise UnsupportedMediaType(accepted=["application/json", FORM])
    return validated(NameTyped, fields).name


@router.get(
    "/{code}", responses=answers(Verification, CertificateNotFound, files=_HTML)
)
async def verify_certificate(
    change: Change,
    request: Request,
    code: Code,
    query: Annotated[VerificationQuery, Query()],
) -> Response:
    """Whether a certificate is genuine and valid: a page for people, JSON for programs.

    It always shows programme, day, validity and initials; the rest only if the holder
    shows it. Every access is written to the audit log.
    """
    # Made first, since a refusal is a page as well.
    visit = _visit(request, code, query)
    try:
        result = await actions.verify_certificate(
            change, code, query.key, _issuer(request)
        )
    except CertificateNotFound as problem:
        if _is_for_people(request):
            return _refusal(problem, visit)
        raise
    if _is_for_people(request):
        return _page(pages.certificate_page(result, visit), visit)
    return Answer(result.model_dump_json(), headers=_PRIVATE)


@router.post(
    "/{code}",
    responses=answers(
        NameVerdict,
        CertificateNotFound,
        TooManyNameChecks,
        ContentTooLarge,
        UnsupportedMediaType,
        files=_HTML,
    ),
    openapi_extra=_NAME_BODY,
)
async def check_certificate_name(
    change: Change,
    request: Request,
    code: Code,
    query: Annotated[VerificationQuery, Query()],
) -> Response:
    """Whether a certificate is in a name that the visitor types.

    Yes or no, a few times an hour. A page for people, JSON for programs. The typed name
    is not stored.
    """
    visit = _visit(request, code, query)
    name = await _typed_name(request)
    try:
        verdict, result = await actions.check_name(
            change, code, name, _issuer(request), clock.now()
        )
    except (CertificateNotFound, TooManyNameChecks) as problem:
        if _is_for_people(request):
            return _refusal(problem, visit)
        raise
    if _is_for_people(request):
        page = pages.certificate_page(result, visit, matches=verdict.matches)
        return _page(page, visit)
    return Answer(verdict.model_dump_json(), headers=_PRIVATE)
