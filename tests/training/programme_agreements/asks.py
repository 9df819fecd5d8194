"""Requests to the agreement of both sides to a version."""

from tests.support.asks import Ask, Asks, Target
from tests.training.programme_versions.asks import path, prepare

__all__ = ["ASKS", "prepare"]


def _agree(target: Target, side: str) -> Ask:
    return Ask("POST", f"{path(target, 'proposed')}/agree-for-{side}", None, target["proposed"])


ASKS: Asks = {
    "agree_programme_version_for_client": lambda target: _agree(target, "client"),
    "agree_programme_version_for_contractor": lambda target: _agree(target, "contractor"),
}
