"""W3C trace context: drawing a trace, and continuing the sender's."""

import secrets
from collections.abc import Iterator

_HEX = b"0123456789abcdef"
_DRAWN_AT_ONCE = 256
_NEVER_ZERO = int.from_bytes((bytes(15) + b"\1" + bytes(7) + b"\1") * _DRAWN_AT_ONCE)
"""The last bit of each trace and of each span: one that is zero is invalid."""


def _draw_traces() -> Iterator[tuple[bytes, bytes]]:
    """Traces and spans without end. Many are drawn at once, for the operating system is slow to ask."""
    while True:
        drawn = b"%0*x" % (48 * _DRAWN_AT_ONCE, secrets.randbits(192 * _DRAWN_AT_ONCE) | _NEVER_ZERO)
        for start in range(0, len(drawn), 48):
            yield drawn[start : start + 32], drawn[start + 32 : start + 48]


new_traces = _draw_traces()


def trace_of(traceparent: bytes) -> bytes | None:
    """The trace id of a well-formed W3C traceparent, version 00.

    >>> trace_of(b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    b'0af7651916cd43dd8448eb211c80319c'
    >>> trace_of(b"00-00000000000000000000000000000000-b7ad6b7169203331-01") is None
    True
    """
    if len(traceparent) != 55 or traceparent.translate(None, _HEX) != b"---" or not traceparent.startswith(b"00-"):
        return None
    if traceparent[35] != 45 or traceparent[52] != 45 or traceparent[3:35] == b"0" * 32:
        return None
    return traceparent[3:35]
