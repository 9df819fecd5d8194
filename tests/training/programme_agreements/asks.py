"""Requests to the agreement of both sides to a version."""

from tests.support.asks import Ask, Asks
from tests.training.programme_versions.asks import path, prepare

__all__ = ["ASKS", "prepare"]

ASKS: Asks = {
    "agree_programme_version": lambda target: Ask(
        "POST",
        f"{path(target, 'proposed')}/agree",
        {"side": "client"},
        target["proposed"],
        # Of those who may agree, the contractor's people do so for their own side only.
        lacks="side-not-represented",
    ),
}
