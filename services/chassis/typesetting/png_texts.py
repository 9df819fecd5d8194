"""Texts in a PNG, for readers who cannot see it. Pure."""

import struct
import zlib
from collections.abc import Mapping

from services.chassis.ground.problems import Language

# The signature and the header come first, in a fixed length (PNG, 5.2 and 11.2.1).
_END_OF_HEADER = 33


def with_texts(png: bytes, texts: Mapping[str, str], language: Language) -> bytes:
    """The same picture with texts by their keywords, as PNG has them (iTXt, 11.3.3.4)."""
    chunks = []
    for keyword, text in texts.items():
        # Keyword, not compressed, language, no translated keyword, text in UTF-8.
        data = b"%b\0\0\0%b\0\0%b" % (
            keyword.encode(),
            language.encode(),
            text.encode(),
        )
        kind = b"iTXt" + data
        chunks.append(struct.pack(">I", len(data)) + kind)
        chunks.append(struct.pack(">I", zlib.crc32(kind)))
    return png[:_END_OF_HEADER] + b"".join(chunks) + png[_END_OF_HEADER:]
