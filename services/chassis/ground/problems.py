"""Every refusal is a Problem, sent as RFC 9457 application/problem+json."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple

Language = Literal["pl", "en"]


class FieldError(NamedTuple):
    """One error in a request: its place and a stable code. Never the value."""

    place: Literal["pointer", "parameter", "header"]
    name: str
    code: str


class Problem(Exception):
    """Something went wrong.

    A subclass is one kind of refusal: the first paragraph of its docstring is the
    English title, `title_pl` the Polish, its name the type (`CaseAlreadyClosed` →
    `/problems/case-already-closed`). `constraint` names the database constraint whose
    violation means the same. `missed` is the action under which a refusal is recorded
    in the audit trail with the outcome `missed`, so that attempts can be counted.
    Members are facts that the caller may know (a missing permission, the current
    state); a submitted value is never among them.
    """

    status: ClassVar[int] = 500
    title_pl: ClassVar[str] = "Coś poszło nie tak"
    constraint: ClassVar[str | None] = None
    missed: ClassVar[str | None] = None
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, *errors: FieldError, retry_after: int | None = None, **members: Any
    ) -> None:
        self.errors: Sequence[FieldError] = errors
        self.retry_after = retry_after
        self.members = members
        super().__init__(self.slug())

    @classmethod
    def slug(cls) -> str:
        """The last part of the problem's type."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls, language: Language) -> str:
        """The sentence a person reads."""
        return (
            cls.title_pl
            if language == "pl"
            else " ".join((cls.__doc__ or "").partition("\n\n")[0].split()).rstrip(".")
        )


def catalogue(kind: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Every kind of problem that has been defined, each once."""
    # By subclassing: a service's own kinds are listed without being registered.
    for child in kind.__subclasses__():
        yield child
        yield from catalogue(child)


class MalformedRequest(Problem):
    """The request cannot be understood."""

    status, title_pl = 400, "Nie można odczytać żądania"


class MalformedJson(Problem):
    """The body is not one well-formed JSON object in UTF-8."""

    status, title_pl = 400, "Treść nie jest poprawnym obiektem JSON w UTF-8"


class MissingIdempotencyKey(Problem):
    """This request needs an Idempotency-Key header."""

    status, title_pl = 400, "To żądanie wymaga nagłówka Idempotency-Key"


class Unauthenticated(Problem):
    """A valid access token is required."""

    status, title_pl = 401, "Wymagany jest ważny token dostępu"
    # A 401 has to name a scheme (RFC 9110, 15.5.2).
    headers: ClassVar = {"WWW-Authenticate": "Bearer"}


class Forbidden(Problem):
    """The caller may not do this."""

    status, title_pl = 403, "Brak uprawnienia do tej czynności"


class OutsideScope(Problem):
    """The caller may do this, but not for this county or institution."""

    # For visible rows. Others are NotFound: 403 would reveal that they exist.
    status, title_pl = 403, "Uprawnienie nie obejmuje tego powiatu lub tej instytucji"


class ForRequesterOnly(Problem):
    """What came of this job is told only to whoever asked for it."""

    status, title_pl = 403, "Wynik tego zadania pozna tylko osoba, która je zleciła"


class NotFound(Problem):
    """Nothing here, or nothing that the caller may see."""

    status, title_pl = 404, "Nie ma takiego zasobu albo nie jest on dostępny"


class MethodNotAllowed(Problem):
    """This address does not take this method."""

    status, title_pl = 405, "Ten adres nie obsługuje tej metody"


class NotAcceptable(Problem):
    """None of the accepted formats can be produced."""

    status, title_pl = 406, "Odpowiedź nie jest dostępna w żadnym z żądanych formatów"


class RequestTimeout(Problem):
    """The request did not arrive in time."""

    status, title_pl = 408, "Żądanie nie nadeszło w wymaganym czasie"


class StateConflict(Problem):
    """The current state does not allow this."""

    status, title_pl = 409, "Bieżący stan nie pozwala na tę czynność"


class RequestInProgress(Problem):
    """The same request is being carried out right now."""

    status, title_pl = 409, "To samo żądanie jest właśnie wykonywane"
    # Two requests at once find no kept answer: the second insert meets this key.
    constraint = "pk_idempotency_keys"


class Duplicate(Problem):
    """The same thing is already recorded."""

    status, title_pl = 409, "To samo jest już zapisane"


class VersionMismatch(Problem):
    """It has been changed since it was read."""

    status, title_pl = 412, "Zasób zmienił się od czasu odczytu"


class ContentTooLarge(Problem):
    """The body is larger than allowed."""

    status, title_pl = 413, "Treść jest zbyt duża"


class TargetTooLong(Problem):
    """The address is longer than allowed."""

    status, title_pl = 414, "Adres jest zbyt długi"


class UnsupportedMediaType(Problem):
    """The body is of a kind that is not taken here."""

    status, title_pl = 415, "Ten rodzaj treści nie jest tu przyjmowany"


class MisdirectedRequest(Problem):
    """This host name is not served here."""

    status, title_pl = 421, "Ta nazwa hosta nie jest tu obsługiwana"


class ValidationFailed(Problem):
    """The request does not have the documented shape."""

    status, title_pl = 422, "Żądanie jest niezgodne z dokumentacją"


def refuse(*faults: tuple[str, str], at: str = "", **members: Any) -> None:
    """ValidationFailed for any faults: names of fields below `at`, with codes."""
    if faults:
        errors = [FieldError("pointer", f"{at}/{name}", code) for name, code in faults]
        raise ValidationFailed(*errors, **members)


class IdempotencyKeyReused(Problem):
    """This Idempotency-Key was used for another request."""

    status, title_pl = 422, "Ten Idempotency-Key został użyty do innego żądania"


class AmbiguousReference(Problem):
    """The reference fits more than one; name it by its code."""

    status, title_pl = 422, "Odwołanie jest niejednoznaczne; podaj kod"


class UnknownReference(Problem):
    """The request refers to something that does not exist."""

    status, title_pl = 422, "Żądanie odwołuje się do czegoś, co nie istnieje"


class PreconditionRequired(Problem):
    """This change needs an If-Match header with the ETag that was read."""

    status, title_pl = 428, "Ta zmiana wymaga nagłówka If-Match z odczytanym ETag"


class RateLimited(Problem):
    """Too many requests."""

    status, title_pl = 429, "Zbyt wiele żądań"


class HeadersTooLarge(Problem):
    """The headers are more or longer than allowed."""

    status, title_pl = 431, "Nagłówków jest zbyt wiele albo są zbyt długie"


class Internal(Problem):
    """An unexpected error; it has been logged."""

    status, title_pl = 500, "Nieoczekiwany błąd; został odnotowany"


class UpstreamInvalidResponse(Problem):
    """A service answered in a way that cannot be passed on."""

    status, title_pl = 502, "Odpowiedzi usługi nie można przekazać"


class Unavailable(Problem):
    """The service cannot answer at the moment."""

    # After problems of this kind jobs and followers try again.
    status, title_pl = 503, "Usługa chwilowo nie może odpowiedzieć"


class UpstreamUnavailable(Unavailable):
    """A service that is needed cannot be reached."""

    title_pl = "Potrzebna usługa jest nieosiągalna"


class DatabaseUnavailable(Unavailable):
    """The database cannot be reached."""

    title_pl = "Baza danych jest nieosiągalna"


class AuditUnavailable(Unavailable):
    """The audit record cannot be written, so nothing was done."""

    title_pl = "Nie można zapisać śladu audytu, więc niczego nie wykonano"


class StorageExhausted(Unavailable):
    """There is no room left to store this."""

    title_pl = "Zabrakło miejsca na zapis"


class ResourceBusy(Unavailable):
    """Somebody else is changing the same thing; try again."""

    title_pl = "Ktoś inny właśnie zmienia to samo; spróbuj ponownie"


class Overloaded(Unavailable):
    """Too many requests are being worked on; try again."""

    title_pl = "Zbyt wiele żądań w toku; spróbuj ponownie"


class UpstreamTimeout(Problem):
    """The answer did not come in time."""

    status, title_pl = 504, "Odpowiedź nie nadeszła na czas"
