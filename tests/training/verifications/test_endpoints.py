"""Somebody who was shown a certificate asks whether it is genuine."""

import httpx

from tests.support.problems import assert_problem
from tests.support.records import fetch
from tests.training.certificates.made import CERTIFICATES, certified, noted
from tests.training.sessions.made import tag

NOBODY = {"authorization": "", "accept": "application/json"}
BROWSER = {"authorization": "", "accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "pl"}
NAME = "Łucja Anna Żółć-Wymyślona"


def url_of(code: str) -> str:
    return f"/v1/training/verify/{code}"


async def test_by_default_programme_day_validity_and_initials_are_told(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    answer = await training.get(url_of(made["code"]), headers=NOBODY)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "is_valid": True,
        "issuer": "Splot",
        "programme_pl": "Szkolenie",
        "programme_en": "Training",
        "issued_on": made["issued_on"],
        "revoked_on": None,
        "initials": "Ł.Ż.",
        "name": None,
        "content": None,
    }
    typed = made["code"].replace("-", "").lower()
    assert (await training.get(url_of(typed), headers=NOBODY)).json() == answer.json()


async def test_a_revoked_certificate_is_not_valid_and_nobody_is_told_why(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    reason = {"reason": "podpisano bez obecności"}
    await training.post(f"{CERTIFICATES}/{made['id']}/revoke", json=reason, headers=tag(made))
    answer = await training.get(url_of(made["code"]), headers=NOBODY)
    assert (answer.json()["is_valid"], answer.json()["revoked_on"] is not None) == (False, True)
    page = (await training.get(url_of(made["code"]), headers=BROWSER)).text
    assert "Certyfikat jest nieważny" in page
    assert "podpisano" not in answer.text + page


async def test_an_unknown_code_is_refused_alike_to_programs_and_people(training: httpx.AsyncClient) -> None:
    for code in ("0" * 20, "x", "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ"):
        assert_problem(await training.get(url_of(code), headers=NOBODY), 404, "certificate-not-found")
        page = await training.get(url_of(code), headers=BROWSER)
        assert (page.status_code, "Nie ma takiego certyfikatu" in page.text) == (404, True)


async def test_a_page_is_guarded_and_speaks_both_languages(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    page = await training.get(url_of(made["code"]), headers=BROWSER)
    headers = page.headers
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    for part in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in headers["content-security-policy"]
    assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("no-referrer", "nosniff")
    assert (headers["x-robots-tag"], headers["cache-control"]) == ("noindex", "no-store")
    assert "Certyfikat jest ważny" in page.text
    assert "Wymyślona" not in page.text
    english = await training.get(url_of(made["code"]), params={"language": "en"}, headers=BROWSER)
    assert (english.headers["content-language"], "The certificate is valid" in english.text) == ("en", True)


async def test_a_typed_name_is_answered_with_yes_or_no_and_not_kept(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    verdicts = []
    for name in (NAME, "Łucja Inna"):
        answer = await training.post(url_of(made["code"]), json={"name": name}, headers=NOBODY)
        verdicts.append(answer.json())
    assert verdicts == [{"matches": True, "is_valid": True}, {"matches": False, "is_valid": True}]
    page = await training.post(url_of(made["code"]), data={"name": NAME}, headers=BROWSER)
    assert "Zgadza się: to certyfikat tej osoby" in page.text
    assert "Wymyślona" not in page.text
    assert "Inna" not in await noted(training, "check_certificate_name")


async def test_names_are_typed_a_few_times_an_hour(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    for _ in range(5):
        answer = await training.post(url_of(made["code"]), json={"name": "Ewa"}, headers=NOBODY)
        assert answer.json()["matches"] is False
    refused = await training.post(url_of(made["code"]), json={"name": NAME}, headers=NOBODY)
    assert_problem(refused, 429, "too-many-name-checks")
    assert refused.headers["retry-after"] == "3600"
    page = await training.post(url_of(made["code"]), data={"name": NAME}, headers=BROWSER)
    assert (page.status_code, "Spróbuj ponownie za godzinę" in page.text) == (429, True)
    assert (await training.get(url_of(made["code"]), headers=NOBODY)).status_code == 200


async def test_a_body_that_is_no_name_is_refused(training: httpx.AsyncClient) -> None:
    url = url_of((await certified(training))["code"])
    assert_problem(await training.post(url, json={"name": ""}, headers=NOBODY), 422, "validation-failed")
    assert_problem(await training.post(url, json={"who": "x"}, headers=NOBODY), 422, "validation-failed")
    large = await training.post(url, json={"name": "x" * 5000}, headers=NOBODY)
    assert_problem(large, 413, "content-too-large")
    plain = {"content-type": "text/plain"}
    assert_problem(await training.post(url, content="x", headers=NOBODY | plain), 415, "unsupported-media-type")


async def test_every_look_is_on_record_without_a_code_or_a_name(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    await training.get(url_of(made["code"]), headers=NOBODY)
    [row] = await fetch(
        training, "SELECT actor, subject, detail::text FROM audit_records WHERE action = 'verify_certificate'"
    )
    assert (row[0], row[1]) == ("nobody", f"certificates/{made['id']}")
    assert made["trainee_id"] in row[2]
    assert made["code"] not in " ".join(row)
