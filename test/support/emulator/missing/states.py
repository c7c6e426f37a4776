"""Step Functions: the provider has a definition validated before it makes a machine. Judged here: that it is JSON."""

import json
from typing import Any

from operations import operation


@operation("stepfunctions", "ValidateStateMachineDefinition")
def validate(parameters: dict, _region: str) -> Any:
    try:
        json.loads(parameters["definition"])
    except ValueError as fault:
        found = {"severity": "ERROR", "code": "INVALID_JSON_DESCRIPTION", "message": str(fault)}
        return {"result": "FAIL", "diagnostics": [found]}
    return {"result": "OK", "diagnostics": []}


@operation("stepfunctions", "ListStateMachineVersions")
def list_versions(_parameters: dict, _region: str) -> Any:
    """Nothing here publishes any."""
    return {"stateMachineVersions": []}
