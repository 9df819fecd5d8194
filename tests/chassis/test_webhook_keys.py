"""A new wrapping key for the secrets of webhooks: sealed anew while events are sent, and the old key can go."""

import asyncio
import itertools
from pathlib import Path

import httpx
import pytest

from services.chassis.data.database import Database
from services.chassis.sending import signing
from services.chassis.trust.vault import Keyring, WrappedKey, drawn_keyring, read_keyring
from services.chassis.webhooks.rotating import reseal
from tests.chassis.conftest import Admin
from tests.chassis.webhooks_tried import create, do, is_signed, sending, tell
from tests.conftest import KEYRING
from tests.support.receiver import Receiver


def rings(folder: Path) -> tuple[Keyring, Keyring]:
    """A keyring with a new key at its end, and one from which the old key is gone."""
    lines = KEYRING.read_text().splitlines()
    [index] = [line for line in lines if line.startswith("index")]
    new = drawn_keyring("2").splitlines()[0]
    for name, text in (("both", [*lines, new]), ("new", [new, index])):
        (folder / name).write_text("".join(f"{line}\n" for line in text))
    return read_keyring(folder / "both"), read_keyring(folder / "new")


async def test_secrets_are_sealed_anew_and_sign_as_before_without_the_old_key(
    idle_depot: httpx.AsyncClient,
    depot_database: Database,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    both, new = await asyncio.to_thread(rings, tmp_path)
    hooks = [await create(idle_depot, receiver.url(f"/{number}")) for number in range(5)]
    rotated = await do(idle_depot, hooks[0], "rotate-secret", {"keep_hours": 2})
    wrap, count = Keyring.wrap, itertools.count(1)

    def wrap_or_die(ring: Keyring, key: bytes, owner: object) -> WrappedKey:
        if next(count) == 5:
            raise RuntimeError("killed")
        return wrap(ring, key, owner)

    with monkeypatch.context() as killing:
        killing.setattr(Keyring, "wrap", wrap_or_die)
        with pytest.raises(RuntimeError, match="killed"):
            await reseal(depot_database, both, at_once=2)
    # Half-way: some are sealed by the new key, and whoever has both keys signs as before.
    monkeypatch.setattr(signing, "_keyring_in", lambda _: both)
    await tell(depot_database, "goods/1")
    async with sending(depot_database) as sender:
        await asyncio.gather(sender.send_due(), reseal(depot_database, both, at_once=1))
    assert await reseal(depot_database, both) == 0
    monkeypatch.setattr(signing, "_keyring_in", lambda _: new)
    await tell(depot_database, "goods/2")
    async with sending(depot_database) as sender:
        await sender.send_due()
    for number, hook in enumerate(hooks):
        sent = receiver.of(f"/{number}")
        assert len(sent) == 2
        assert all(is_signed(each, hook["secret"]) for each in sent)
    assert all(is_signed(each, rotated["secret"]) for each in receiver.of("/0"))


async def test_what_was_sealed_anew_is_on_record_without_a_secret(
    idle_depot: httpx.AsyncClient, depot_database: Database, receiver: Receiver, admin: Admin, tmp_path: Path
) -> None:
    both, _ = await asyncio.to_thread(rings, tmp_path)
    await create(idle_depot, receiver.url("/hook"))
    assert await reseal(depot_database, both) == 1
    [row] = await admin.fetch("SELECT actor, detail FROM audit_records WHERE action = 'reseal_webhooks'")
    assert row["actor"] == "webhooks: rotation"
    assert '"keyring_id": "2"' in row["detail"]
