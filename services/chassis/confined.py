"""A function over the bytes of a file, in a process with little memory and time.

A file from outside may be made to exhaust or to break its reader.
"""

import asyncio
import os
import resource
import sys
from importlib import import_module

from services.chassis.background.child_processes import child_process
from services.chassis.transfer.files import Broken

SECONDS = 20
MEMORY = 805_306_368
_MADE, _BROKEN = b"+", b"-"


async def run_confined(function: str, content: bytes) -> bytes:
    """The bytes that `module:function` makes of the content, or Broken with a reason.

    Broken("too_complex") when it needs more time or memory than there is, or breaks.
    """
    process, stdin, stdout = await child_process(function, "services.chassis.confined")
    try:
        async with asyncio.timeout(SECONDS):
            stdin.write(content)
            stdin.write_eof()
            answer = await stdout.read()
    except (TimeoutError, ConnectionError):
        # A process that reaches its limits is killed: then there is no answer to read.
        answer = b""
    finally:
        await process.end()
    kind, payload = answer[:1], answer[1:]
    if kind == _MADE:
        return payload
    raise Broken(payload.decode() if kind == _BROKEN else "too_complex")


def _answer() -> None:
    module, _, name = sys.argv[1].partition(":")
    function = getattr(import_module(module), name)
    # After the import and before the content is read: the content alone is not trusted.
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # A dump would leave the content on a disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # answering comes before reading files
    try:
        answer = _MADE + function(sys.stdin.buffer.read())
    except Broken as broken:
        answer = _BROKEN + str(broken).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _answer()
