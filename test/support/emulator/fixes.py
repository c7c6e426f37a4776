"""Corrections of what moto answers wrongly, each where a real client would be misled. Everything here replaces a
method of moto by one that calls the old one, so that a newer moto shows at once what is not needed any more.
"""

import functools
import json
import uuid
from typing import Any, Callable

import functions


def apply() -> None:
    _kms_rotation_period()
    _policy_decisions()
    _lambda_configuration()
    _lambda_invocation()
    _secret_versions()
    _log_delivery_permission()
    _certificate_key()
    _rule_descriptions()
    _service_settings()
    _lock_tokens()
    _firewall_data_protection()


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
    def create(old: Callable, self: Any, account_id: str, spec: dict, region: str, **kwargs: Any) -> None:
        old(self, account_id, spec, region, **kwargs)
        self.kept = {name: spec[name] for name in kept if spec.get(name)}

    @_around(LambdaFunction, "update_configuration")
    def update(old: Callable, self: Any, changes: dict) -> dict:
        self.kept.update({name: changes[name] for name in kept if name in changes})
        return old(self, changes)

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
    def move(old: Callable, self: Any, **request: Any) -> Any:
        result = old(self, **request)
        target = request["move_to_version_id"]
        if request["version_stage"] == "AWSCURRENT" and target:
            self.secrets[request["secret_id"]].set_default_version_id(target)
        return result

    @_around(FakeSecret, "to_dict")
    def to_dict(old: Callable, self: Any) -> dict:
        result = old(self)
        if "RotationRules" in result and getattr(self, "rotation_rules", None):
            result["RotationRules"] = self.rotation_rules
        return result


def _log_delivery_permission() -> None:
    """A bucket policy with a principal of "*" breaks the check whether logs may be delivered there."""
    from moto.s3.models import FakeBucket

    old = FakeBucket._log_permissions_enabled_policy

    def permitted(target_bucket: Any, target_prefix: Any) -> bool:
        whole = target_bucket.policy
        if not whole:
            return False
        policy = json.loads(whole)
        policy["Statement"] = [
            each for each in policy["Statement"] if isinstance(each.get("Principal"), dict)
        ]
        target_bucket.policy = json.dumps(policy).encode()
        try:
            return old(target_bucket, target_prefix)
        finally:
            target_bucket.policy = whole

    FakeBucket._log_permissions_enabled_policy = staticmethod(permitted)


def _certificate_key() -> None:
    """A certificate always says RSA_2048, whatever key was asked for."""
    from moto.acm.models import CertBundle
    from moto.acm.responses import AWSCertificateManagerResponse

    @_around(AWSCertificateManagerResponse, "request_certificate")
    def request(old: Callable, self: Any) -> Any:
        answer = old(self)
        certificate = self.acm_backend.get_certificate(answer.result["CertificateArn"])
        certificate.wanted_key = self._get_param("KeyAlgorithm") or "RSA_2048"
        return answer

    @_around(CertBundle, "describe")
    def describe(old: Callable, self: Any) -> dict:
        result = old(self)
        if hasattr(self, "wanted_key"):
            result["Certificate"]["KeyAlgorithm"] = self.wanted_key
        return result


def _rule_descriptions() -> None:
    """Only a security group rule with an address range keeps its description."""
    from moto.ec2.models.security_groups import SecurityGroupRule

    @_around(SecurityGroupRule, "__init__")
    def create(old: Callable, self: Any, *args: Any, **kwargs: Any) -> None:
        old(self, *args, **kwargs)
        named = [value for value in (*args, *kwargs.values()) if isinstance(value, dict)]
        self.first_description = next(
            (each["Description"] for each in named if each.get("Description")), None
        )

    SecurityGroupRule.description = property(
        lambda self: self.ip_range.get("Description") or self.first_description
    )


def _service_settings() -> None:
    """An ECS service forgets half of what it is given."""
    from moto.ecs.responses import EC2ContainerServiceResponse

    kept = {
        "availabilityZoneRebalancing": "availability_zone_rebalancing",
        "deploymentConfiguration": "deployment_configuration",
        "enableECSManagedTags": "enable_ecs_managed_tags",
        "enableExecuteCommand": "enable_execute_command",
        "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    }

    def keep(old: Callable, self: Any) -> Any:
        answer = old(self)
        for name, attribute in kept.items():
            value = self._get_param(name)
            if value is not None:
                setattr(answer.result["service"], attribute, value)
        return answer

    _around(EC2ContainerServiceResponse, "create_service")(keep)
    _around(EC2ContainerServiceResponse, "update_service")(keep)


def _lock_tokens() -> None:
    """The lock token of an IP set is too short to be one."""
    from moto.wafv2.models import FakeIPSet

    def lengthen(old: Callable, self: Any, *args: Any, **kwargs: Any) -> None:
        old(self, *args, **kwargs)
        self.lock_token = str(uuid.uuid4())

    _around(FakeIPSet, "__init__")(lengthen)
    _around(FakeIPSet, "update")(lengthen)


def _firewall_data_protection() -> None:
    """What a firewall shall hide in its logs is accepted and forgotten."""
    from moto.wafv2.models import FakeWebACL
    from moto.wafv2.responses import WAFV2Response

    def keep(old: Callable, self: Any) -> Any:
        answer = old(self)
        wanted = json.loads(self.body)
        for acl in self.wafv2_backend.wacls.values():
            if acl.name == wanted["Name"]:
                acl.data_protection = wanted.get("DataProtectionConfig")
        return answer

    _around(WAFV2Response, "create_web_acl")(keep)
    _around(WAFV2Response, "update_web_acl")(keep)

    @_around(FakeWebACL, "to_dict")
    def to_dict(old: Callable, self: Any) -> dict:
        return {**old(self), "DataProtectionConfig": getattr(self, "data_protection", None)}
