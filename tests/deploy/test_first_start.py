"""What the first `make up` writes: a whole platform for production, or a first look that says that it is one."""

import json
from pathlib import Path

import pytest

from deploy.secrets import ASKING, DEVELOPMENT, WHOLE, draw, main
from deploy.settings import settings_of


def test_a_secret_that_several_accounts_shared_goes_on(tmp_path: Path) -> None:
    (tmp_path / "account_secret").write_text("known to the provider already")
    draw(tmp_path)
    assert {(tmp_path / f"{name}_account_secret").read_text() for name in ASKING} == {"known to the provider already"}


def test_the_whole_platform_is_marked_as_production_and_trusts_its_own_provider_and_front(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(WHOLE)
    settings = settings_of(tmp_path / ".env", {"DOMAIN": "splot.example.pl"})
    assert settings["ENVIRONMENT"] == "production"
    assert settings["COMPOSE_PROFILES"].split(",") == ["provider", "front"]
    assert settings["OIDC_ISSUER"] == "https://splot.example.pl/auth/realms/splot"
    assert json.loads(settings["ALLOWED_HOSTS"])[0] == "splot.example.pl"
    assert json.loads(settings["TRUSTED_PROXIES"]) == ["front"]
    assert "issuer:8000" not in WHOLE


@pytest.mark.parametrize(
    ("said", "drawn"), [({}, WHOLE), ({"ISSUER": "development"}, DEVELOPMENT), ({"DEMO": "small"}, DEVELOPMENT)]
)
def test_what_is_said_at_the_first_start_decides_what_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: dict[str, str], drawn: str
) -> None:
    monkeypatch.setattr("deploy.secrets.ROOT", tmp_path)
    for name in ("DEMO", "ISSUER", "ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert main() is None
    assert (tmp_path / ".env").read_text() == drawn


def test_invented_people_are_not_sent_to_a_platform_for_real_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.secrets.ROOT", tmp_path)
    (tmp_path / ".env").write_text(WHOLE)
    monkeypatch.setenv("DEMO", "small")
    assert "ENVIRONMENT=development" in (main() or "")
    assert not (tmp_path / ".secrets").exists()
    monkeypatch.setenv("DEMO", "large")
    assert main() == "DEMO is small, ISSUER is development, and nothing else"
