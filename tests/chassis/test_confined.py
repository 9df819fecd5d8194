"""A function over bytes in a process of its own: its answer, or why there is none; never longer than allowed."""

import pytest

from services.chassis import confined
from services.chassis.confined import run_confined
from services.chassis.transfer.files import Broken

EVALUATED = "builtins:eval"
REFUSED = b"(_ for _ in ()).throw(__import__('services.chassis.transfer.files', fromlist=['x']).Broken('damaged'))"


async def test_what_the_function_makes_of_the_content_comes_back() -> None:
    content = bytes(range(256)) * 10_000
    assert await run_confined("zlib:compress", content) == await run_confined("zlib:compress", content)
    assert await run_confined("zlib:decompress", await run_confined("zlib:compress", content)) == content


async def test_a_reason_comes_back_as_it_was_given() -> None:
    with pytest.raises(Broken, match="damaged"):
        await run_confined(EVALUATED, REFUSED)


@pytest.mark.parametrize("content", [b"bytes(10**10)", b"1 / 0", b"__import__('os')._exit(0)"])
async def test_what_needs_too_much_memory_or_breaks_is_too_complex(content: bytes) -> None:
    with pytest.raises(Broken, match="too_complex"):
        await run_confined(EVALUATED, content)


async def test_what_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "SECONDS", 0.5)
    with pytest.raises(Broken, match="too_complex"):
        await run_confined(EVALUATED, b"[0 for _ in iter(int, 1) if _]")


async def test_the_process_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "a secret")
    told = await run_confined(EVALUATED, b"repr({**__import__('os').environ}).encode()")
    assert b"secret" not in told
