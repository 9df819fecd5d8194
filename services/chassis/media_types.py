"""Which media type an answer has, by the Accept header (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

import mimeparse

# Longer than any client sends: the caller decides how long it takes to compare.
_LONGEST = 1_000


def preferred_type(accept: str, offered: Sequence[str]) -> str | None:
    """The offered media type with the highest weight in Accept.

    Of equals the one that is named first, and of those not named the first offered.

    None where Accept excludes all of them or cannot be read. Without a header, or with
    an overlong one, the first.

    >>> offered = ["application/json", "text/csv", "image/png"]
    >>> [preferred_type(accept, offered) for accept in ("", "text/*;q=0.5, image/png")]
    ['application/json', 'image/png']
    >>> preferred_type("application/json;q=0.0, */*;q=0.1", offered)
    'text/csv'
    >>> preferred_type("text/html", offered)
    """
    if not accept or len(accept) > _LONGEST:
        return offered[0]
    accept = accept.lower()
    ordered = sorted(
        offered, key=lambda kind: accept.find(kind) if kind in accept else len(accept)
    )
    try:
        # The last of equals is taken there.
        return mimeparse.best_match(ordered[::-1], accept) or None
    except mimeparse.MimeTypeParseException:
        return None
