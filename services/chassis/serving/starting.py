"""`python -m services.chassis.serving.starting TARGET FLAGS…`: uvicorn, with less of
what only some requests need.
"""

import sys
import warnings

import uvicorn
from pydantic import BaseModel
from pydantic.warnings import UnsupportedFieldAttributeWarning

OF_THE_PAST = ("pydantic.v1",)
"""What FastAPI loads where it is there, to refuse models of pydantic's first version:
we have none. 2 MB a service.
"""


def load_less() -> None:
    """Have libraries load and build less from here on, in this process.

    A pydantic model is built by the first request that needs it. Most describe answers,
    whose bytes are PostgreSQL's, and are needed by nobody but who asks for the API
    document.
    """
    # None there means that it cannot be imported (importlib's reference, 5.3.1).
    sys.modules.update(dict.fromkeys(OF_THE_PAST))  # type: ignore[arg-type]
    BaseModel.model_config["defer_build"] = True
    # FastAPI ignores it where it builds models: it names fields by aliases itself.
    warnings.simplefilter("ignore", UnsupportedFieldAttributeWarning)


if __name__ == "__main__":
    load_less()
    uvicorn.main()
