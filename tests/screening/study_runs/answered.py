"""Answers of persons to items."""

import numpy as np
from numpy.typing import NDArray


def answered(seed: int, persons: int = 60, items: int = 6) -> NDArray[np.float64]:
    draw = np.random.default_rng(seed)
    level = draw.normal(size=(persons, 1))
    return np.clip(np.round(level * draw.uniform(0.3, 1.5, items) + draw.normal(size=(persons, items)) + 2), 0, 4)
