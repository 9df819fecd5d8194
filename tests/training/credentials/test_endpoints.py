"""Credentials, and what others need to verify them: read with a library, and by verifiers that are not ours."""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from services.training.credential_keys import read_keys
from tests.support.npm import NotInstalled, install
from tests.support.problems import assert_problem
from tests.support.records import app_of
from tests.training.certificates.made import CERTIFICATES, certified
from tests.training.sessions.made import tag

CREDENTIALS = "/v1/training/credentials"
PUBLIC_URL = "http://127.0.0.1:8000"
NOBODY = {"authorization": ""}


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the verifiers that npm brings."""
    try:
        return install("credentials", tmp_path_factory.mktemp("credentials"))
    except NotInstalled as why:
        pytest.skip(str(why))


async def token_of(client: httpx.AsyncClient, made: dict[str, Any], **query: str) -> str:
    """A certificate's credential."""
    answer = await client.get(f"{CERTIFICATES}/{made['id']}/credential", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vc+jwt"
    return answer.text


async def published(client: httpx.AsyncClient, path: str) -> Any:
    """What is published for verifiers, asked without a token."""
    answer = await client.get(f"{CREDENTIALS}/{path}", headers=NOBODY)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "public, max-age=60"
    is_json = answer.headers["content-type"] == "application/json"
    return answer.json() if is_json else answer.text


async def revoke(client: httpx.AsyncClient, made: dict[str, Any]) -> None:
    """Take a certificate back."""
    answer = await client.post(f"{CERTIFICATES}/{made['id']}/revoke", json={"reason": "pomyłka"}, headers=tag(made))
    assert answer.status_code == 200, answer.text


async def opened(client: httpx.AsyncClient, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the payload, verified with the published keys."""
    keys = KeySet.import_key_set(await published(client, "keys"))
    read = jwt.decode(token, keys, algorithms=["ES256"])
    return read.header, read.claims


async def test_a_credential_says_what_was_achieved_and_hides_the_name(training: httpx.AsyncClient) -> None:
    made = await certified(training)
    token = await token_of(training, made, language="en")
    header, payload = await opened(training, token)
    assert header["typ"] == "JWT"
    assert payload["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert payload["iss"] == payload["issuer"]["id"] == f"{PUBLIC_URL}{CREDENTIALS}/issuer"
    assert payload["name"] == f"Certificate {made['number']}"
    subject = payload["credentialSubject"]
    assert subject["achievement"]["name"] == "Training"
    assert [each["name"] for each in subject["achievement"]["resultDescription"]] == ["Applies"]
    assert [each["status"] for each in subject["result"]] == ["Completed"]
    [hidden] = subject["identifier"]
    expected = hashlib.sha256(f"Łucja Anna Żółć-Wymyślona{hidden['salt']}".encode()).hexdigest()
    assert (hidden["hashed"], hidden["identityHash"]) == (True, f"sha256${expected}")
    assert "Wymyślona" not in json.dumps(payload, ensure_ascii=False)


async def test_a_key_is_found_by_the_name_in_the_token(training: httpx.AsyncClient) -> None:
    header, _ = await opened(training, await token_of(training, await certified(training)))
    key = await published(training, header["kid"].removeprefix(f"{PUBLIC_URL}{CREDENTIALS}/"))
    assert (key["kid"], key["alg"], "d" in key) == (header["kid"], "ES256", False)
    issuer = await published(training, "issuer")
    assert header["kid"] in issuer["assertionMethod"]
    assert len(issuer["verificationMethod"]) == 2
    unknown = await training.get(f"{CREDENTIALS}/keys/nobody", headers=NOBODY)
    assert_problem(unknown, 404, "credential-key-not-found")


async def test_keys_rotate_and_what_was_signed_before_stays_valid(training: httpx.AsyncClient, tmp_path: Path) -> None:
    made = await certified(training)
    before = await token_of(training, made)
    state = app_of(training).state
    kept = json.loads(state.settings.credential_keys_file.read_text(encoding="ascii"))["keys"]
    new = ECKey.generate_key("P-256", auto_kid=True)
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"keys": [*kept, new.as_dict(private=True)]}), encoding="ascii")
    state.settings = state.settings.model_copy(update={"credential_keys_file": file})
    after = await token_of(training, made)
    headers = [(await opened(training, token))[0]["kid"] for token in (before, after)]
    assert headers[0] != headers[1]
    assert headers[1].endswith(str(new.kid))


def verified(folder: Path, token: str, keys: Any, revocations: str) -> subprocess.CompletedProcess[str]:
    """What the verifiers of npm say, without any network."""
    given = json.dumps({"token": token, "keys": keys, "list": revocations})
    node = ["node", "verify.mjs"]
    return subprocess.run(node, cwd=folder, input=given, capture_output=True, text=True, check=False)


async def test_verifiers_of_others_find_it_genuine_and_see_the_revocation(
    training: httpx.AsyncClient, verifier: Path
) -> None:
    made = await certified(training)
    token, keys = await token_of(training, made), await published(training, "keys")
    valid = verified(verifier, token, keys, await published(training, "status-lists/0"))
    assert (valid.returncode, valid.stderr) == (0, "")
    assert json.loads(valid.stdout) == {"name": "Szkolenie", "revoked": False}
    forged = verified(verifier, f"{token[:-4]}AAAA", keys, await published(training, "status-lists/0"))
    assert "signature verification failed" in forged.stderr
    await revoke(training, made)
    gone = verified(verifier, token, keys, await published(training, "status-lists/0"))
    assert json.loads(gone.stdout) == {"name": "Szkolenie", "revoked": True}


async def test_a_library_of_open_badges_finds_it_genuine_and_sees_the_revocation(training: httpx.AsyncClient) -> None:
    ob3 = pytest.importorskip("openbadgeslib.ob3")
    made = await certified(training)
    token = await token_of(training, made)
    header, _ = await opened(training, token)
    key = await published(training, header["kid"].removeprefix(f"{PUBLIC_URL}{CREDENTIALS}/"))
    library = ob3.OB3Verifier(ECKey.import_key(key).as_pem(private=False))
    revocations = (await published(training, "status-lists/0")).encode()
    found = library.verify(token, check_status=True, download=lambda _: revocations)
    assert found.achievement.name == "Szkolenie"
    await revoke(training, made)
    revocations = (await published(training, "status-lists/0")).encode()
    with pytest.raises(ob3.OB3VerificationError, match="revocation"):
        library.verify(token, check_status=True, download=lambda _: revocations)


OTHER_CURVE = json.dumps({"keys": [ECKey.generate_key("P-384", auto_kid=True).as_dict(private=True)]})


@pytest.mark.parametrize(
    "content", ["{}", '{"keys": []}', "no JSON", OTHER_CURVE], ids=["nothing", "no key", "no JSON", "another curve"]
)
async def test_a_file_without_a_key_that_signs_is_refused_without_telling_it(content: str, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content, encoding="ascii")
    with pytest.raises(ValueError, match="CREDENTIAL_KEYS_FILE") as refused:
        read_keys(file)
    assert content not in str(refused.value)
