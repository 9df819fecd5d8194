"""Secrets are drawn once, each into a file of its own, and reach those alone who need them."""

import base64
import json
import os
import re
import stat
import subprocess
from pathlib import Path

from deploy.secrets import DEVELOPMENT, draw
from services.chassis.trust.vault import keyring_of
from services.training.credential_keys import read_keys
from tests.support.services import SERVICES as HERE
from tests.test_deployment import COMPOSE, ENTRYPOINT, secret_names


def test_secrets_are_drawn_once_and_each_is_different(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    draw(folder)
    first = {path.name: path.read_text() for path in folder.iterdir()}
    draw(folder)
    assert {path.name: path.read_text() for path in folder.iterdir()} == first
    drawn = [first[name] for name in first if not name.endswith("_url")]
    assert len(set(drawn)) == len(drawn)
    assert min(map(len, drawn)) >= 32
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) & 0o022 for path in folder.iterdir()} == {0}
    assert first["casework_account_secret"] != first["screening_account_secret"]
    wanted = {name for service in COMPOSE["services"].values() for name in secret_names(service)}
    assert wanted == set(first)


def test_a_keyring_is_a_file_of_casework_alone_and_no_variable(tmp_path: Path) -> None:
    draw(tmp_path)
    assert keyring_of((tmp_path / "casework_keyring").read_text()).current == "1"
    having = [name for name, service in COMPOSE["services"].items() if "casework_keyring" in secret_names(service)]
    assert having == ["casework"]
    casework = COMPOSE["services"]["casework"]
    assert {"source": "casework_keyring", "target": "keyring"} in casework["secrets"]
    assert casework["environment"]["KEYRING_FILE"] == "/run/secrets/keyring"


def test_a_keyring_for_webhooks_is_a_file_of_each_service_and_of_no_other() -> None:
    for name in HERE:
        having = [each for each, of in COMPOSE["services"].items() if f"{name}_webhook_keyring" in secret_names(of)]
        assert having == [name]
        assert COMPOSE["services"][name]["environment"]["WEBHOOK_KEYRING_FILE"] == "/run/secrets/webhook_keyring"


def test_keys_of_certificates_are_a_file_of_training_alone_and_no_variable(tmp_path: Path) -> None:
    draw(tmp_path)
    [key] = json.loads((tmp_path / "training_credential_keys").read_text())["keys"]
    assert (key["crv"], len(base64.urlsafe_b64decode(key["d"] + "="))) == ("P-256", 32)
    [published] = read_keys(tmp_path / "training_credential_keys").published("https://splot.example/keys")
    assert {"x", "y"} <= published.keys()
    assert "d" not in published
    services = COMPOSE["services"]
    assert [name for name in services if "training_credential_keys" in secret_names(services[name])] == ["training"]
    assert services["training"]["environment"]["CREDENTIAL_KEYS_FILE"] == "/run/secrets/credential_keys"


def test_what_keyring_file_names_stays_a_file_when_secrets_become_variables(tmp_path: Path) -> None:
    for name in ("audit_key", "keyring", "webhook_keyring"):
        (tmp_path / name).write_text("secret of its own")
    script = ENTRYPOINT.replace("/run/secrets", str(tmp_path))
    files = {f"{name.upper()}_FILE": str(tmp_path / name) for name in ("keyring", "webhook_keyring")}
    given = {"PATH": os.environ["PATH"], **files}
    command = ["sh", "-c", script, "sh", "env"]
    printed = subprocess.run(command, env=given, capture_output=True, text=True, check=True).stdout
    assert {"AUDIT_KEY=secret of its own", f"KEYRING_FILE={tmp_path}/keyring"} <= {*printed.splitlines()}
    assert not re.search("^(WEBHOOK_)?KEYRING=", printed, re.MULTILINE)


def test_the_first_look_is_marked_as_development() -> None:
    variables = dict(line.split("=", 1) for line in DEVELOPMENT.splitlines() if not line.startswith("#"))
    assert variables["ENVIRONMENT"] == "development"
    assert not [name for name in variables if re.search(r"PASSWORD|SECRET|KEY$", name)]
