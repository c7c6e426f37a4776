"""Judges a request's parameters by the service's own model: what is required, lengths, ranges, enumerations,
patterns. moto checks hardly any of it, and AWS refuses what breaks it."""

import re
from typing import Any, Iterator

# Java's character classes, which the models use and Python does not have, as ranges that are wide enough.
CLASSES = [
    (r"\\p\{(L|LD|Alpha|IsLatin)\}", r"A-Za-zÀ-ɏ"),
    (r"\\p\{(N|Nd|Digit)\}", r"0-9"),
    (r"\\p\{(Z|Zs)\}", r" "),
    (r"\\p\{(M|S|P|Punct|C)\}", r"!-/:-@\\[-`{-~"),
    (r"\\p\{Print\}", r"[ -~]"),
    (r"\\p\{Graph\}", r"[!-~]"),
    (r"\\p\{ASCII\}", r"[\\x00-\\x7f]"),
]


def problems(shape: Any, value: Any, path: str = "") -> Iterator[str]:
    """Everything in a value that its shape does not allow."""
    if value is None:
        return
    judge = JUDGES.get(shape.type_name)
    if judge is not None:
        yield from judge(shape, value, path)


def _structure(shape: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    for name in shape.metadata.get("required", []):
        if value.get(name) is None:
            yield f"{path}: {name} is required"
    for name, member in shape.members.items():
        if name in value:
            yield from problems(member, value[name], f"{path}.{name}")


def _list(shape: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        return
    yield from _bounds(shape, len(value), f"{path}: number of items")
    for index, item in enumerate(value):
        yield from problems(shape.member, item, f"{path}[{index}]")


def _map(shape: Any, value: Any, path: str) -> Iterator[str]:
    for key, item in value.items() if isinstance(value, dict) else []:
        yield from problems(shape.key, key, f"{path} key")
        yield from problems(shape.value, item, f"{path}[{key}]")


def _string(shape: Any, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        return
    metadata = shape.metadata
    yield from _bounds(shape, len(value), f"{path}: length")
    if metadata.get("enum") and value not in metadata["enum"]:
        yield f"{path}: {value!r} is none of {metadata['enum'][:12]}"
    if metadata.get("pattern") and not _fits(metadata["pattern"], value):
        yield f"{path}: {value[:80]!r} does not fit {metadata['pattern'][:100]}"


def _number(shape: Any, value: Any, path: str) -> Iterator[str]:
    if isinstance(value, (int, float)):
        yield from _bounds(shape, value, path)


def _bounds(shape: Any, size: float, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield f"{path} {size} is below {low}"
    if high is not None and size > high:
        yield f"{path} {size} is above {high}"


def _fits(pattern: str, value: str) -> bool:
    for java, python in CLASSES:
        pattern = re.sub(java, python, pattern)
    try:
        return re.search(pattern if pattern.startswith("^") else f"^(?:{pattern})$", value) is not None
    except re.error:
        # A pattern that Python cannot read judges nothing; there are a handful in all models.
        return True


JUDGES = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _number,
    "long": _number,
    "float": _number,
    "double": _number,
}
