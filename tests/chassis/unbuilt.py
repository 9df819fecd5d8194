"""An application that tells how it was loaded, and ends."""

import sys

from pydantic import BaseModel


class Crate(BaseModel):
    """Something that no request needs."""

    pieces: int


print(Crate.__pydantic_complete__, sys.modules.get("pydantic.v1", "loaded"))
sys.exit()
