"""Signed checkpoints, beside the published example of the note format."""

import base64

import pytest
from pydantic import SecretStr, ValidationError

from services.chassis.ground.settings import ServiceSettings
from services.chassis.trails.checkpoints import Checkpoint, CheckpointRefused, SigningKey, VerifierKey, opened

# The example of golang.org/x/mod/sumdb/note.
SEED = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ROOT = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")


def key(name: str = "PeterNeumann") -> SigningKey:
    seed = base64.b64decode(SEED)[1:]  # the first byte says that it is Ed25519
    return SigningKey(name, base64.urlsafe_b64encode(seed).decode().rstrip("="))


def test_a_note_is_signed_as_in_the_published_example() -> None:
    assert str(key().verifier) == VERIFIER
    assert VerifierKey.read(VERIFIER) == key().verifier
    assert key().signed(TEXT) == f"{TEXT}\n{SIGNATURE}"


def test_a_checkpoint_has_the_published_form() -> None:
    note = key("example.com/behind-the-sofa").checkpoint(20852163, ROOT)
    published = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    assert note.startswith(f"{published}\n— example.com/behind-the-sofa ")
    opened_again = opened(note, [key("example.com/behind-the-sofa").verifier])
    assert opened_again == Checkpoint("example.com/behind-the-sofa", 20852163, ROOT)


def test_signatures_of_others_stand_beside_the_logs_own() -> None:
    witness = "— witness.example/one AAAAAAAA\n"
    note = key().checkpoint(1, ROOT) + witness
    assert opened(note, [key().verifier]).size == 1


NOTE = key().checkpoint(1, ROOT)


@pytest.mark.parametrize(
    "changed",
    [
        NOTE.replace("\n1\n", "\n2\n"),
        NOTE.replace("PeterNeumann\n1", "PaulNeumann\n1"),
        NOTE.replace("— PeterNeumann", "— PaulNeumann"),
        NOTE.partition("\n\n")[0],
        f"{TEXT}\n{SIGNATURE}",
        key().signed(f"PeterNeumann\n01\n{base64.b64encode(ROOT).decode()}\n"),
        key().signed(f"PeterNeumann\n1\n{base64.b64encode(ROOT).decode()}\nmore\n"),
        key().signed("PeterNeumann\n1\nAAAA\n"),
        key("elsewhere").checkpoint(1, ROOT),
        key().signed(Checkpoint("elsewhere", 1, ROOT).text),
        "",
    ],
)
def test_a_checkpoint_that_is_not_as_it_was_signed_is_refused(changed: str) -> None:
    with pytest.raises(CheckpointRefused):
        opened(changed, [key().verifier])


@pytest.mark.parametrize(
    "text", ["", "a+b", VERIFIER.replace("c7", "c8"), VERIFIER[:-4], VERIFIER.replace("+AR", "+BR")]
)
def test_a_verifier_key_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(CheckpointRefused):
        VerifierKey.read(text)


def test_a_service_does_not_start_with_a_key_that_is_none(settings: ServiceSettings) -> None:
    given = settings.model_dump()
    for wrong in (
        {"audit_key": SecretStr("too short")},
        {"audit_earlier_verifiers": ["x"]},
        {"audit_origin": "with space"},
    ):
        with pytest.raises(ValidationError) as refused:
            type(settings)(**given | wrong)
        assert "too short" not in str(refused.value)
