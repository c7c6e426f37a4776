"""Corrections of what moto answers wrongly, each where a real client would be misled. Everything here replaces a
method of moto by one that calls the old one, so that a newer moto shows at once what is not needed any more.
"""

import functools
import json
from typing import Any, Callable

import functions


def apply() -> None:
    _kms_rotation_period()
    _policy_decisions()
    _lambda_configuration()
    _lambda_invocation()
    _secret_versions()


def _around(owner: Any, name: str) -> Callable:
    """Replaces a method by a function that gets the old one first."""

    def decorate(function: Callable) -> Callable:
        old = getattr(owner, name)

        @functools.wraps(old)
        def replacement(*args: Any, **kwargs: Any) -> Any:
            return function(old, *args, **kwargs)

        setattr(owner, name, replacement)
        return function

    return decorate


def _kms_rotation_period() -> None:
    """A key's rotation period is accepted and forgotten."""
    from moto.kms.responses import KmsResponse

    def key(response: Any) -> Any:
        backend = response.kms_backend
        return backend.keys[backend.get_key_id(response._get_param("KeyId"))]

    @_around(KmsResponse, "enable_key_rotation")
    def enable(old: Callable, self: Any) -> Any:
        result = old(self)
        key(self).rotation_period = self._get_param("RotationPeriodInDays") or 365
        return result

    @_around(KmsResponse, "get_key_rotation_status")
    def status(old: Callable, self: Any) -> Any:
        result = json.loads(old(self))
        if result["KeyRotationEnabled"]:
            result["RotationPeriodInDays"] = getattr(key(self), "rotation_period", 365)
        return json.dumps(result)


def _policy_decisions() -> None:
    """Most condition operators are not evaluated, so that a Deny with a condition would deny everything, and a
    principal of "*" is not understood. What policies decide is proven elsewhere, not by this emulator."""
    from moto.iam.access_control import IAMPolicyStatement, PermissionResult

    @_around(IAMPolicyStatement, "is_action_permitted")
    def permitted(old: Callable, self: Any, *args: Any, **kwargs: Any) -> Any:
        if self._statement.get("Effect") == "Deny" and self._statement.get("Condition"):
            return PermissionResult.NEUTRAL
        return old(self, *args, **kwargs)

    @_around(IAMPolicyStatement, "_check_principal")
    def principal(old: Callable, self: Any, *args: Any) -> Any:
        return True if self._statement.get("Principal") == "*" else old(self, *args)


def _lambda_configuration() -> None:
    """A function's dead letter queue and logging are accepted and forgotten."""
    from moto.awslambda.models import LambdaFunction

    kept = ("DeadLetterConfig", "LoggingConfig")

    @_around(LambdaFunction, "__init__")
    def create(old: Callable, self: Any, account: str, spec: dict, *args: Any, **kwargs: Any) -> None:
        old(self, account, spec, *args, **kwargs)
        self.kept = {name: spec[name] for name in kept if spec.get(name)}

    @_around(LambdaFunction, "get_configuration")
    def configuration(old: Callable, self: Any, *args: Any, **kwargs: Any) -> dict:
        return {**old(self, *args, **kwargs), **self.kept}


def _lambda_invocation() -> None:
    """moto wants Docker; here a function runs in the Node that runs the tests (see functions.py)."""
    from moto.awslambda.models import LambdaBackend

    def invoke(
        self: Any, name: str, qualifier: Any, body: Any, headers: Any, response_headers: dict
    ) -> bytes:
        function = self.get_function(name, qualifier)
        result, failed = functions.run(function, body or "{}")
        if failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        response_headers["Content-Length"] = str(len(result))
        return result

    LambdaBackend.invoke = invoke


def _secret_versions() -> None:
    """The default version of a secret is the one labelled AWSCURRENT, whoever moved the label. A schedule may be an
    expression instead of a number of days."""
    from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

    @_around(SecretsManagerBackend, "update_secret_version_stage")
    def move(old: Callable, self: Any, secret_id: str, stage: str, source: Any, target: Any) -> Any:
        result = old(self, secret_id, stage, source, target)
        if stage == "AWSCURRENT" and target:
            self.secrets[secret_id].set_default_version_id(target)
        return result

    @_around(FakeSecret, "to_dict")
    def to_dict(old: Callable, self: Any) -> dict:
        result = old(self)
        if "RotationRules" in result and getattr(self, "rotation_rules", None):
            result["RotationRules"] = self.rotation_rules
        return result
