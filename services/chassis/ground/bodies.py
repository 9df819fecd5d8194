"""The one JSON boundary: the form of a body, checked before any model sees it.

The standard parser takes NaN, duplicate keys, lone surrogates and numbers that no
column holds; each of them led to a wrong row or a 500. They are refused here, once.
"""

import json
import math
import re
from collections.abc import Container, Iterable
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from services.chassis.ground.problems import (
    ContentTooLarge,
    FieldError,
    MalformedJson,
    MalformedRequest,
    UnsupportedMediaType,
    ValidationFailed,
)

Model = TypeVar("Model", bound=BaseModel)

# The most that a hostile body may cost; bodies of honest callers stay far below.
DEEPEST = 32
MOST_KEYS = 1_000
# The largest value of a bigint column.
LARGEST_INTEGER = 2**63 - 1
# Possessive, and the closing quote optional: a string that never ends is scanned
# once, not once from each quote.
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
_MEDIA_TYPE = re.compile(
    r'\s*(application/[!-:<-~]+)\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?', re.IGNORECASE
)
_JSON = frozenset({"application/json", "application/merge-patch+json"})


def require_length(declared: str | None, limit: int) -> None:
    """Refuse a body by its Content-Length, before a byte of it is read.

    MalformedRequest where that is no number, ContentTooLarge above `limit` bytes. A
    chunked body declares none.
    """
    if declared is None:
        return
    if not (declared.isascii() and declared.isdigit()):
        raise MalformedRequest(FieldError("header", "Content-Length", "wrong_format"))
    if len(declared) > 12 or int(declared) > limit:
        raise ContentTooLarge(limit_bytes=limit)


def require_json(content_type: str, others: Container[str] = ()) -> None:
    """UnsupportedMediaType unless it is JSON, a merge patch or in `others`, in UTF-8."""
    match = _MEDIA_TYPE.fullmatch(content_type)
    if match is None or (
        match[1].lower() not in _JSON and match[1].lower() not in others
    ):
        raise UnsupportedMediaType()


def parse_json_object(body: bytes) -> dict[str, Any]:
    """The object in a body; MalformedJson or ValidationFailed without its values."""
    # Before the parser, which calls itself at each level.
    if _is_too_deep(body):
        raise MalformedJson(FieldError("pointer", "", "too_deep"))
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedJson() from error
    if not isinstance(value, dict):
        raise MalformedJson()
    # JSON holds no bare NUL and UTF-8 no surrogate: only an escape brings one in.
    if b"\\u" in body:
        _refuse_unstorable(value)
    return value


def _is_too_deep(body: bytes) -> bool:
    # Most bodies have fewer brackets in all, and counting is cheaper than scanning.
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for token in _STRUCTURE.finditer(body):
        first = body[token.start()]
        depth += 1 if first in b"[{" else -1 if first in b"]}" else 0
        if depth > DEEPEST:
            return True
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedJson(FieldError("pointer", "", "repeated"))
    if len(members) > MOST_KEYS:
        raise ValidationFailed(FieldError("pointer", "", "too_long"))
    return members


def _integer(digits: str) -> int:
    # The length first: converting thousands of digits takes long.
    if len(digits) > 20 or abs(number := int(digits)) > LARGEST_INTEGER:
        raise ValidationFailed(FieldError("pointer", "", "too_large"))
    return number


def _number(digits: str) -> float:
    # `float` reads 1e999 as infinity and refuses nothing.
    if not math.isfinite(number := float(digits)):
        raise ValidationFailed(FieldError("pointer", "", "too_large"))
    return number


# NaN and Infinity are no JSON (RFC 8259, 6), but the standard parser takes them.
def _no_constant(_: str) -> NoReturn:
    raise MalformedJson()


def _refuse_unstorable(value: Any) -> None:
    """NUL and lone surrogates can be written in JSON and in no database column."""
    if isinstance(value, str):
        if "\0" in value or any(
            0xD800 <= ord(character) <= 0xDFFF for character in value
        ):
            raise ValidationFailed(FieldError("pointer", "", "not_allowed_character"))
    elif isinstance(value, dict):
        for key, member in value.items():
            _refuse_unstorable(key)
            _refuse_unstorable(member)
    elif isinstance(value, list):
        for member in value:
            _refuse_unstorable(member)


_CODES = {
    "extra_forbidden": "unknown",
    "string_too_short": "too_short",
    "too_short": "too_short",
    "string_too_long": "too_long",
    "too_long": "too_long",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
    "less_than": "too_large",
    "enum": "not_listed",
    "literal_error": "not_listed",
    "string_pattern_mismatch": "wrong_format",
}


def _code(kind: str) -> str:
    if kind in _CODES:
        return _CODES[kind]
    if kind.endswith("_type"):
        return "wrong_type"
    if kind.endswith("_parsing") or "_from_" in kind:
        return "wrong_format"
    return kind if kind.isidentifier() else "invalid"


def _reference_token(part: int | str) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return "/" + str(part).replace("~", "~0").replace("/", "~1")


def field_errors(details: Iterable[ErrorDetails]) -> list[FieldError]:
    """The errors that pydantic found, never the input. Places begin with `body`, …"""
    errors = []
    for detail in details:
        where, *path = detail["loc"]
        if where == "body":
            # Names may be the caller's own words: a long one is not sent back.
            pointer = "".join(
                _reference_token(part)
                for part in path
                if isinstance(part, int) or len(part) <= 100
            )
            errors.append(FieldError("pointer", pointer, _code(detail["type"])))
        elif where == "header":
            errors.append(FieldError("header", str(path[0]), _code(detail["type"])))
        else:
            errors.append(
                FieldError("parameter", str(path[0])[:100], _code(detail["type"]))
            )
    return errors


def validated(model: type[Model], facts: object) -> Model:
    """The model with these values; ValidationFailed names faults as for a body."""
    try:
        return model.model_validate(facts)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
    for detail in details:
        detail["loc"] = ("body", *detail["loc"])
    raise ValidationFailed(*field_errors(details))
