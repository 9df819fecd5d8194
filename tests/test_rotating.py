"""The operator's command for keys: each step leaves a file that its service reads, and says what comes next."""

import json
from pathlib import Path

import pytest

from deploy.rotating import CannotRotate, rotate
from deploy.secrets import draw
from services.chassis.trust.vault import read_keyring
from services.training.credential_keys import read_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The secrets of a new installation."""
    draw(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["casework_keyring", "registry_webhook_keyring"])
def test_a_keyring_opens_with_the_new_key_before_it_wraps_by_it(folder: Path, name: str) -> None:
    first = read_keyring(folder / name)
    wrapped, found = first.wrap(b"a key", "owner"), first.digest("name", "value")
    for step, current in (("add", "1"), ("use", "2")):
        assert "restart" in rotate(folder, name, step)
        ring = read_keyring(folder / name)
        assert (ring.current, ring.unwrap(wrapped, "owner")) == (current, b"a key")
        assert ring.digest("name", "value") == found
        with pytest.raises(CannotRotate):
            rotate(folder, name, step)
    rotate(folder, name, "drop")
    assert (folder / name).read_text().count("wrap ") == 1
    assert read_keyring(folder / name).current == "2"
    # What was there is kept beside, for the backups that it opens.
    assert read_keyring(folder / f"{name}.before").unwrap(wrapped, "owner") == b"a key"
    rotate(folder, name, "add")
    rotate(folder, name, "use")
    assert read_keyring(folder / name).current == "3"


def test_nothing_is_dropped_before_the_new_key_is_used(folder: Path) -> None:
    for prepared in ((), ("add",)):
        for step in prepared:
            rotate(folder, "casework_keyring", step)
        before = (folder / "casework_keyring").read_bytes()
        with pytest.raises(CannotRotate):
            rotate(folder, "casework_keyring", "drop")
        assert (folder / "casework_keyring").read_bytes() == before


def test_a_new_key_of_certificates_signs_and_the_old_ones_stay_published(folder: Path) -> None:
    before = read_keys(folder / "training_credential_keys").published("https://splot.example")
    rotate(folder, "training_credential_keys", "")
    keys = read_keys(folder / "training_credential_keys")
    assert keys.published("https://splot.example")[:1] == before
    assert [key["kid"] for key in json.loads((folder / "training_credential_keys").read_text())["keys"]] == ["1", "2"]


@pytest.mark.parametrize("name", ["registry_audit_key", "cursor_key"])
def test_a_key_that_is_drawn_anew_says_what_it_costs(folder: Path, name: str) -> None:
    before = (folder / name).read_text()
    assert "restart" in rotate(folder, name, "")
    assert (folder / name).read_text() != before
    assert (folder / f"{name}.before").read_text() == before
    assert len((folder / name).read_text()) == 43


@pytest.mark.parametrize("name", ["", "nothing", "postgres_password", "../secrets/cursor_key"])
def test_whatever_is_no_such_key_is_left_alone(folder: Path, name: str) -> None:
    with pytest.raises(CannotRotate):
        rotate(folder, name, "")
