"""Where webhooks may lead: nowhere inside, said when they are made and found out again when they are sent."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from standardwebhooks import Webhook

from services.chassis.ground.settings import ServiceSettings
from services.chassis.sending import signing, targets
from services.chassis.sending.outcomes import Outcome
from services.chassis.sending.posting import Poster
from tests.chassis import depot
from tests.chassis.webhooks_tried import URL, owner
from tests.support.problems import assert_problem
from tests.support.receiver import receiving

# A key and a message that are published with the library of Standard Webhooks, and their signature.
PUBLISHED = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330)
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

# What is left out in the first part is https, and a part of it is written so that it looks like another name.
BY_OTHER_WAYS = ("http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd", "gopher://example.org/")
HOSTS = (
    *("user:secret@hooks.example.org", "hooks.example.org:22", "hooks.example.org:0", "hooks.example.org\\@127.0.0.1"),
    *("localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"),
    *("100.64.0.1", "193.0.6.139", "printer.local", "db.internal", "h\u043eoks.example.org", "hooks.example.org."),
    *("hooks", "hooks.example.org/#part"),
)
INSIDE = (*BY_OTHER_WAYS, *(f"https://{host}/" for host in HOSTS))
ADDRESSES = (
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1"),
    *("::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::", "ff02::1"),
    # Python calls these global: site-local, a network's own translator, IPv4 in IPv6, devices of the network.
    *("fec0::1", "64:ff9b:1::10.0.0.1", "::10.0.0.1", "::ffff:0:10.0.0.1", "192.0.0.9"),
)


class Names(AbstractResolver):
    """A name server that a test writes."""

    def __init__(self, *addresses: str) -> None:
        self.addresses, self.asked = addresses, list[str]()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
            for each in self.addresses
        ]

    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def closed(idle_depot: httpx.AsyncClient) -> httpx.AsyncClient:
    """The depot as it is in production: nothing leads to this machine."""
    settings: ServiceSettings = depot.app.state.settings
    depot.app.state.settings = settings.model_copy(update={"webhook_loopback": False})
    return idle_depot


@pytest.mark.parametrize("url", INSIDE)
async def test_an_address_that_is_not_public_is_refused(closed: httpx.AsyncClient, url: str) -> None:
    refused = await closed.post(URL, json={"url": url}, headers=owner())
    [error] = assert_problem(refused, 422, "validation-failed")["errors"]
    assert error["pointer"] == "/url"
    assert error["code"] in {"not_https", "not_public", "wrong_format", "not_allowed_character"}
    poster = Poster()
    assert await poster.post(url, {}, "{}") == Outcome(None, "address_refused")
    await poster.close()


@pytest.mark.parametrize("address", ADDRESSES)
async def test_a_name_that_leads_inside_is_refused_when_it_is_given_and_when_it_is_asked(
    closed: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    async def leads_inside(host: str, port: int) -> list[str]:
        return ["193.0.6.139", address]

    monkeypatch.setattr(targets, "addresses_of", leads_inside)
    body = {"url": "https://hooks.example.org/"}
    refused = await closed.post(URL, json=body, headers=owner())
    assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "not_public"
    poster = Poster(names=Names("193.0.6.139", address))
    assert await poster.post(body["url"], {}, "{}") == Outcome(None, "address_refused")
    await poster.close()


async def test_development_opens_this_machine_and_nothing_else_inside() -> None:
    poster = Poster(loopback=True, names=Names("10.0.0.1"))
    assert await poster.post("https://hooks.example.org/", {}, "{}") == Outcome(None, "address_refused")
    await poster.close()
    assert targets.fault_of("http://10.0.0.1/", loopback=True) == "not_https"


def _certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server of that name shows, and what a client trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "receiver.pem"
    path.write_bytes(private + certificate)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=certificate.decode())


async def test_a_receiver_proves_its_name_at_the_address_that_was_looked_at(tmp_path: Path) -> None:
    names = Names("127.0.0.1")
    server, client = _certified("hooks.example.org", tmp_path)
    async with receiving(ssl=server) as receiver:
        poster = Poster(loopback=True, tls=client, names=names)
        url = receiver.url("/events", "https", "hooks.example.org")
        assert (await poster.post(url, {}, "{}")).is_delivered
        assert names.asked == ["hooks.example.org"]
        assert receiver.sent[0].headers["host"] == f"hooks.example.org:{receiver.port}"
        other = receiver.url("/events", "https", "other.example.org")
        assert await poster.post(other, {}, "{}") == Outcome(None, "tls_failed")
        await poster.close()
    assert len(receiver.sent) == 1


def test_a_signature_is_the_published_one() -> None:
    secret, message, seconds = PUBLISHED
    signed = Webhook(secret).sign(message, datetime.fromtimestamp(seconds, UTC), '{"test": 2432232314}')
    assert signed == SIGNATURE
    key = b"k" * 32
    both = signing.signed_headers([key, b"l" * 32], uuid4(), datetime.fromtimestamp(seconds, UTC), "{}")
    assert len(both["webhook-signature"].split(" ")) == 2
    assert both["webhook-timestamp"] == str(seconds)


async def test_types_of_another_service_are_refused_and_null_is_none(idle_depot: httpx.AsyncClient) -> None:
    body = {"url": "http://127.0.0.1:1/", "types": ["depot.goods.labelled", "shop.order.placed"]}
    refused = await idle_depot.post(URL, json=body, headers=owner())
    [error] = assert_problem(refused, 422, "validation-failed")["errors"]
    assert (error["pointer"], error["code"]) == ("/types/1", "not_listed")


def test_production_does_not_start_with_a_way_to_this_machine(settings: ServiceSettings) -> None:
    given = settings.model_dump() | {"environment": "production"}
    with pytest.raises(ValueError, match="WEBHOOK_LOOPBACK"):
        ServiceSettings(**given)
