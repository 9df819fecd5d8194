"""The check of addresses: one that two programs could read differently is refused."""

import re

from services.chassis.ground.problems import MalformedRequest, NotFound, TargetTooLong

LONGEST_TARGET = 8192
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
PLAIN = LETTERS + b"-_~:/"
ALLOWED = PLAIN + b".!$&'()*+,=@%"
# Encoded, these are a character to one program and a separator to the next.
NEVER_ENCODED = frozenset(b"./\\%;?#") | frozenset(range(0x20)) | {0x7F}
ALIASES = frozenset(LETTERS + b"-_~")
ESCAPE = re.compile(rb"%(.{0,2})", re.DOTALL)


def check_target(path: bytes, query: bytes) -> None:
    """A Problem unless the address can be read in one way only.

    MalformedRequest for segments that end in dots, encoded separators, double encodings,
    empty segments and parameters of segments. NotFound for an encoding that is not
    needed, and for a slash at the end: those are other addresses, which do not exist.
    """
    if len(path) + len(query) > LONGEST_TARGET:
        raise TargetTooLong
    # Nearly all paths are of plain characters: they need none of the slower checks.
    if path.translate(None, PLAIN):
        _check_unusual(path)
    if b"//" in path or path[:1] != b"/":
        raise MalformedRequest
    if path[-1:] == b"/" and path != b"/":
        raise NotFound


def _check_unusual(path: bytes) -> None:
    if path.translate(None, ALLOWED):
        raise MalformedRequest
    # All of them are checked: a malformed one comes before one that is not needed.
    aliases = [_is_alias(escape) for escape in ESCAPE.findall(path)]
    # `..` climbs, and some systems drop a dot at the end of a name.
    if any(segment.endswith(b".") for segment in path.split(b"/")):
        raise MalformedRequest
    try:
        ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), path).decode()
    except UnicodeDecodeError:
        raise MalformedRequest from None
    if any(aliases):
        raise NotFound


def _is_alias(escape: bytes) -> bool:
    """Whether these two digits encode a character that needs no encoding."""
    if len(escape) != 2 or escape.translate(None, b"0123456789abcdefABCDEF"):
        raise MalformedRequest
    character = int(escape, 16)
    if character in NEVER_ENCODED:
        raise MalformedRequest
    return character in ALIASES
