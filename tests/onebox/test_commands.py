"""The command line says what it did, or in one sentence why it did not."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from typer.testing import CliRunner

from onebox.__main__ import app
from onebox.callers import INSTITUTION, ROLES
from onebox.instance import (
    Instance,
    announce,
    draw_credential_keys,
    draw_keyrings,
    held,
    instance_in,
    read_secrets,
    withdraw,
    write_private,
)
from onebox.tokens import published_keys, read_keys
from services.chassis.trust.vault import keyring_of

URL = "http://127.0.0.1:8123"


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    instance = instance_in(tmp_path)
    with held(instance):
        announce(instance, URL)
        yield instance


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.stdout, result.stderr


def claims(instance: Instance, *arguments: str) -> dict[str, object]:
    code, printed, errors = run("token", *arguments, "--data", str(instance.folder))
    assert (code, errors) == (0, "")
    keys = KeySet.import_key_set(published_keys(read_keys(instance.issuer_key)))  # type: ignore[arg-type]
    return jwt.decode(printed.removesuffix("\n"), keys, algorithms=["ES256"]).claims


@pytest.mark.parametrize("role", ROLES)
def test_a_token_of_every_role_is_printed_and_nothing_else(instance: Instance, role: str) -> None:
    found = claims(instance, "--role", role)
    assert found["roles"] == [role]
    assert (found["iss"], found["aud"]) == (f"{URL}/issuer", "splot")


def test_a_token_says_what_was_asked_for(instance: Instance) -> None:
    asked = [
        "--role",
        "screener",
        "--county",
        "2469",
        "--county",
        "2475",
        "--institution",
        INSTITUTION,
        "--subject",
        "ewa",
    ]
    found = claims(instance, *asked)
    assert (found["sub"], found["counties"], found["institution_id"]) == ("ewa", ["2469", "2475"], INSTITUTION)


def test_a_service_account_is_asked_for_by_its_scopes(instance: Instance) -> None:
    found = claims(instance, "--scope", "registry:read", "--scope", "events:read")
    assert (found["scope"], found["roles"], found["counties"]) == ("registry:read events:read", [], ["*"])


@pytest.mark.parametrize("arguments", [[], ["--role", "emperor"]])
def test_a_caller_without_a_known_role_gets_no_token(instance: Instance, arguments: list[str]) -> None:
    code, printed, errors = run("token", *arguments, "--data", str(instance.folder))
    assert (code, printed) == (1, "")
    assert "ole" in errors


def test_without_a_running_instance_there_is_no_token(instance: Instance) -> None:
    withdraw(instance)
    code, printed, errors = run("token", "--role", "auditor", "--data", str(instance.folder))
    assert (code, printed) == (1, "")
    assert "python -m onebox up" in errors


def test_a_folder_that_is_not_there_runs_nothing(tmp_path: Path) -> None:
    code, printed, errors = run("token", "--role", "auditor", "--data", str(tmp_path / "nowhere"))
    assert (code, printed) == (1, "")
    assert "No instance runs" in errors


def test_an_instance_whose_process_is_gone_does_not_run(instance: Instance) -> None:
    write_private(instance.folder / "instance.json", {"url": URL, "pid": os.getpid(), "identity": "an earlier one"})
    assert run("token", "--role", "auditor", "--data", str(instance.folder))[0] == 1


def test_a_folder_is_run_once_at_a_time(instance: Instance) -> None:
    code, _, errors = run("up", "--data", str(instance.folder), "--port", "8123")
    assert code == 1
    assert f"already runs in {instance.folder} (process {os.getpid()}, {URL})" in errors


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _, errors = run("up", "--data", str(tmp_path), "--port", str(port))
    assert (code, errors) == (1, f"Port {port} is taken; choose another one with --port.\n")
    assert not (tmp_path / "postgres").exists()


def test_production_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    code, _, errors = run("up", "--data", str(tmp_path))
    assert code == 1
    assert "ENVIRONMENT=production is refused" in errors


def test_secrets_are_drawn_once_and_are_for_the_owner_alone(instance: Instance) -> None:
    first = read_secrets(instance, ("postgres", "cursor_key"))
    again = read_secrets(instance, ("postgres", "registry"))
    assert again["postgres"] == first["postgres"]
    assert len({*first.values(), *again.values()}) == 3
    assert all(len(value) >= 32 for value in again.values())
    assert stat.S_IMODE((instance.folder / "secrets.json").stat().st_mode) == 0o600


def test_a_key_of_certificates_is_drawn_once_and_is_for_the_owner_alone(instance: Instance) -> None:
    draw_credential_keys(instance)
    first = instance.credential_keys.read_text()
    draw_credential_keys(instance)
    assert instance.credential_keys.read_text() == first
    assert stat.S_IMODE(instance.credential_keys.stat().st_mode) == 0o600


def test_a_keyring_is_drawn_once_and_is_for_the_owner_alone(instance: Instance) -> None:
    draw_keyrings(instance)
    keyrings = (instance.keyring, instance.webhook_keyring)
    first = [path.read_text() for path in keyrings]
    draw_keyrings(instance)
    assert [path.read_text() for path in keyrings] == first
    assert [keyring_of(text).current for text in first] == ["1", "1"]
    assert first[0] != first[1]
    assert {stat.S_IMODE(path.stat().st_mode) for path in keyrings} == {0o600}


def test_long_folders_have_their_sockets_elsewhere(tmp_path: Path) -> None:
    instance = instance_in(tmp_path / ("deep" * 25))
    with held(instance):
        assert len(str(instance.socket("screening"))) <= 107
        assert stat.S_IMODE(instance.sockets.stat().st_mode) == 0o700
    instance.sockets.rmdir()
