"""What a holder shows of a certificate, and to whom."""

import httpx

from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.certificates.made import CERTIFICATES, certified, noted
from tests.training.sessions.made import tag

AS_HOLDER = call_as("trainee", subject="jan", counties=[])
NOBODY = {"authorization": "", "accept": "application/json"}


async def test_only_the_holder_chooses(training: httpx.AsyncClient) -> None:
    made = await certified(training, "jan")
    url, chosen = f"{CERTIFICATES}/{made['id']}/disclosure", {"shows_name": True, "shows_content": True}
    assert_problem(await training.put(url, json=chosen, headers=tag(made)), 403, "forbidden")
    other = call_as("trainee", subject="ewa", counties=[])
    assert_problem(await training.put(url, json=chosen, headers=other | tag(made)), 404, "certificate-not-found")
    before = (await training.get(f"/v1/training/verify/{made['code']}", headers=NOBODY)).json()
    assert (before["name"], before["content"], before["initials"]) == (None, None, "Ł.Ż.")
    answer = await training.put(url, json=chosen, headers=AS_HOLDER | tag(made))
    assert answer.status_code == 200, answer.text
    after = (await training.get(f"/v1/training/verify/{made['code']}", headers=NOBODY)).json()
    assert after["name"] == "Łucja Anna Żółć-Wymyślona"
    assert (after["content"]["number"], after["content"]["minutes"]) == (made["number"], 900)


async def test_a_link_shows_everything_until_it_is_withdrawn(training: httpx.AsyncClient) -> None:
    made = await certified(training, "jan")
    url = f"{CERTIFICATES}/{made['id']}/link"
    answer = await training.post(url, headers=AS_HOLDER | tag(made))
    address = answer.json()["address"].removeprefix("http://127.0.0.1:8000")
    path, _, secret = address.partition("?key=")
    assert len(secret) == 32
    assert (await training.get(address, headers=NOBODY)).json()["name"] == "Łucja Anna Żółć-Wymyślona"
    for other in (path, f"{path}?key={secret[:-1]}x"):
        assert (await training.get(other, headers=NOBODY)).json()["name"] is None
    [[kept]] = await fetch(training, "SELECT encode(link_digest, 'hex') FROM certificates")
    assert secret not in kept
    assert secret not in await noted(training, "make_certificate_link")
    withdrawn = await training.delete(url, headers=AS_HOLDER | {"if-match": answer.headers["etag"]})
    assert withdrawn.json()["has_link"] is False
    assert (await training.get(address, headers=NOBODY)).json()["name"] is None
