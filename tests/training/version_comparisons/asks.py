"""Requests to the comparison of two versions of a programme."""

from tests.support.asks import Asks, asks_to_read
from tests.training.programme_versions.asks import path, prepare

__all__ = ["ASKS", "prepare"]

ASKS: Asks = {
    "compare_programme_versions": asks_to_read(lambda target: f"{path(target, 'proposed')}/comparison"),
}
