"""Secrets Manager: rotation as AWS does it. moto promotes a version whatever the function did, and forgets the
function when it is not named again."""

import json
import time
import uuid
from typing import Any

from moto.awslambda.utils import get_backend
from moto.secretsmanager.models import secretsmanager_backends

from operations import ACCOUNT, PASS, error, operation


@operation("secretsmanager", "RotateSecret")
def rotate_secret(parameters: dict, region: str) -> Any:
    """Stores the schedule, then calls the function: all four steps, or only the test where it shall not rotate yet.
    AWS does so in the background; here the answer waits, so that a test need not. A step that fails leaves the
    pending version, as on AWS, where a later rotation takes it up again."""
    secret = _secret(parameters["SecretId"], region)
    rules = parameters.get("RotationRules") or {}
    function = parameters.get("RotationLambdaARN") or secret.rotation_lambda_arn
    if not function:
        raise error("InvalidRequestException", "no rotation function was ever given")
    functions = get_backend(ACCOUNT, region)
    try:
        functions.get_function(function)
    except Exception:
        raise error("ResourceNotFoundException", f"there is no function {function}") from None
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function
    if rules:
        secret.rotation_rules = rules
        secret.auto_rotate_after_days = rules.get("AutomaticallyAfterDays", 0)
    token = parameters.get("ClientRequestToken") or str(uuid.uuid4())
    immediately = parameters.get("RotateImmediately") is not False
    for step in ("create", "set", "test", "finish") if immediately else ("test",):
        event = {"Step": f"{step}Secret", "SecretId": secret.arn, "ClientRequestToken": token}
        # The version exists before the function is called, without a value: its only label says it is pending.
        if step == "create" or not immediately:
            _announce(secret, token)
        headers: dict = {}
        functions.invoke(function, None, json.dumps(event), {}, headers)
        if "x-amz-function-error" in headers:
            break
    if not immediately:
        secret.versions.pop(token, None)
    return {"ARN": secret.arn, "Name": secret.name, "VersionId": token}


@operation("secretsmanager", "PutSecretValue")
def put_secret_value(parameters: dict, region: str) -> Any:
    """A token that already made a version with another value is refused; moto overwrites the version."""
    version = _secret(parameters["SecretId"], region).versions.get(parameters.get("ClientRequestToken"))
    value = version and version.get("secret_string")
    if value is not None and value != parameters.get("SecretString"):
        raise error("ResourceExistsException", "this token has made a version with another value")
    return PASS


def _announce(secret: Any, token: str) -> None:
    for version in secret.versions.values():
        if "AWSPENDING" in version["version_stages"]:
            version["version_stages"].remove("AWSPENDING")
    secret.versions.setdefault(
        token, {"createdate": int(time.time()), "version_id": token, "version_stages": []}
    )
    secret.versions[token]["version_stages"].append("AWSPENDING")


def _secret(identifier: str, region: str) -> Any:
    secret = secretsmanager_backends[ACCOUNT][region].secrets.get(identifier)
    if secret is None:
        raise error("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
    return secret
