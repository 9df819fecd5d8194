"""Where the journeys are made: in this process, or on a platform elsewhere that SPLOT_URL names."""

import os

import pytest

if "SPLOT_URL" in os.environ:
    from tests.journeys.elsewhere import (
        NOT_THERE,
        keyring,
        left,
        platform,
        screening_story,
        story,
        support_story,
        training_story,
    )

    __all__ = ["keyring", "left", "platform", "screening_story", "story", "support_story", "training_story"]

    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        """Leave out what needs to be in the same process."""
        for item in items:
            if lacking := NOT_THERE & {*getattr(item, "fixturenames", ())}:
                item.add_marker(pytest.mark.skip(f"not to be had of a platform elsewhere: {sorted(lacking)}"))
else:
    from tests.journeys.in_process import left, platform, screening_story, story, support_story, training_story

    __all__ = ["left", "platform", "screening_story", "story", "support_story", "training_story"]
