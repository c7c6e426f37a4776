"""The registry of operations that moto lacks, what they remember, and how they answer with an error."""

import re
from collections import defaultdict
from typing import Any, Callable

from moto.core.exceptions import ServiceException

ACCOUNT = "123456789012"

# An operation may look at a request and leave it to moto after all.
PASS = object()

_OPERATIONS: dict = {}
# What the operations remember, by region and kind.
_STORE: dict = defaultdict(dict)


def operation(service: str, *names: str) -> Callable:
    """Registers a function as the implementation of operations. It takes (parameters, region)."""

    def register(function: Callable) -> Callable:
        for name in names:
            _OPERATIONS[(service, name)] = function
        return function

    return register


def find(service: str, name: str) -> Any:
    """The implementation of an operation, or None."""
    return _OPERATIONS.get((service, name))


def store(region: str, kind: str) -> dict:
    """A table of one region."""
    return _STORE[(region, kind)]


def reset() -> None:
    """Forgets everything, as moto's own reset does."""
    _STORE.clear()


def arn(service: str, region: str, resource: str) -> str:
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


def error(code: str, message: str = "") -> ServiceException:
    """An error of the service's model. moto looks for the model by the module that the class is from."""
    name = "Error" + re.sub(r"\W", "", code)
    kind = type(name, (ServiceException,), {"__module__": "moto.sts.exceptions"})
    return kind(code, message or code)
