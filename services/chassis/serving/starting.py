"""`python -m services.chassis.serving.starting TARGET FLAGS…`: uvicorn, without parts
that only some requests need.
"""

import sys
import warnings

import uvicorn
from pydantic import BaseModel
from pydantic.warnings import UnsupportedFieldAttributeWarning

OF_THE_PAST = ("pydantic.v1",)
"""Loaded by FastAPI, if present, to refuse models of pydantic's first version: we have
none. 2 MB a service.
"""


def load_less() -> None:
    """Let libraries load and build less from here on, in this process.

    A pydantic model is built by the first request that needs it. Most describe answers,
    whose bytes are PostgreSQL's, and are needed for the API document alone.
    """
    # None means that the module cannot be imported (importlib, 5.3.1).
    sys.modules.update(dict.fromkeys(OF_THE_PAST))  # type: ignore[arg-type]
    BaseModel.model_config["defer_build"] = True
    # FastAPI ignores it where it builds models: it names fields by aliases itself.
    warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)


if __name__ == "__main__":
    load_less()
    uvicorn.main()
