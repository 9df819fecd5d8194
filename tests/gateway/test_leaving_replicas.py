"""A replica that leaves, or is not there: another one is asked, and this one again when it is ready."""

from tests.gateway.conftest import Town
from tests.gateway.fakes import FakeService, serving

ASKS = "/v1/registry/institutions"


async def test_a_replica_that_leaves_is_asked_again_when_it_is_ready(town: Town) -> None:
    leaving, staying = FakeService(ready=False), FakeService()
    leaving.headers = [*leaving.headers, (b"connection", b"close")]
    for name, service in {"one": leaving, "two": staying}.items():
        await town.stack.enter_async_context(serving(service, socket=town.folder / f"{name}.sock"))
    await town.open(registry_upstreams=[f"unix:{town.folder}/{name}.sock" for name in ("one", "two")])
    # One of the first two goes to it; its answer says that it is the last.
    for _ in range(8):
        assert (await town.ask(ASKS)).status == 200
    assert len(leaving.seen) == 1
    leaving.ready, leaving.headers = True, leaving.headers[:1]
    [first, _] = town.gateway.entrance.upstreams["registry"].replicas
    await first.look()
    for _ in range(4):
        await town.ask(ASKS)
    assert len(leaving.seen) == 3


async def test_a_replica_that_is_not_ready_is_asked_where_there_is_no_other(town: Town) -> None:
    town.registry.ready = False
    town.registry.headers = [*town.registry.headers, (b"connection", b"close")]
    await town.open()
    assert [(await town.ask(ASKS)).status for _ in range(3)] == [200] * 3


async def test_what_could_not_be_sent_goes_to_each_replica_in_turn(town: Town) -> None:
    async with serving(town.registry, socket=town.folder / "one.sock"):
        names = ("nobody", "nowhere", "nothing", "one")
        await town.open(registry_upstreams=[f"unix:{town.folder}/{name}.sock" for name in names])
        answer = await town.ask(ASKS, "Content-Length: 2", method="POST", body=b"{}")
    assert answer.status == 200
