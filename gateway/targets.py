"""The path guard: an address that could mean two things to two readers goes no further."""

import re

from services.chassis.problems import MalformedRequest, NotFound, TargetTooLong

LONGEST_TARGET = 8192
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PLAIN = LETTERS + b"-_~:/"
ALLOWED = PLAIN + b".!$&'()*+,=@%"
NEVER_ENCODED = frozenset(b"./\\%;?#") | frozenset(range(0x20)) | {0x7F}
ALIASES = frozenset(LETTERS + b"-_~")
ESCAPE = re.compile(rb"%(.{0,2})", re.DOTALL)


def check_target(path: bytes, query: bytes) -> None:
    """Raise unless the address can be read in one way only.

    Dots that climb, encoded separators, double encodings, empty segments and parameters of segments are malformed;
    a needless encoding of a letter or a trailing slash is another address, and nothing is there.
    """
    if len(path) + len(query) > LONGEST_TARGET:
        raise TargetTooLong
    if path.translate(None, PLAIN):
        _check_unusual(path)
    if b"//" in path or path[:1] != b"/":
        raise MalformedRequest
    if path[-1:] == b"/" and path != b"/":
        raise NotFound


def _check_unusual(path: bytes) -> None:
    if path.translate(None, ALLOWED):
        raise MalformedRequest
    aliased = False
    for escape in ESCAPE.findall(path):
        aliased |= _is_alias(escape)
    if any(segment.endswith(b".") for segment in path.split(b"/")):
        raise MalformedRequest
    try:
        ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), path).decode()
    except UnicodeDecodeError:
        raise MalformedRequest from None
    if aliased:
        raise NotFound


def _is_alias(escape: bytes) -> bool:
    if len(escape) != 2 or escape.translate(None, b"0123456789abcdefABCDEF"):
        raise MalformedRequest
    character = int(escape, 16)
    if character in NEVER_ENCODED:
        raise MalformedRequest
    return character in ALIASES
