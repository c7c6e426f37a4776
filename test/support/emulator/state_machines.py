"""State machines that run: moto interprets them, but spells calls, errors and times otherwise than AWS does, and has no
JSONata. Their calls come back to this server."""

import datetime
from typing import Any

from moto.core.config import default_user_config


def apply() -> None:
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    _times()
    _spelling()
    _jsonata()


def _times() -> None:
    """Times of a call's answer are written with fractions and a Z."""
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
        StateTaskService,
    )

    old = StateTaskService._from_boto_response_value

    def written(value: Any) -> Any:
        if not isinstance(value, datetime.datetime):
            return old(value)
        utc = value.astimezone(datetime.timezone.utc)
        return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"

    StateTaskService._from_boto_response_value = staticmethod(written)


def _spelling() -> None:
    """Calls of any API are spelt with capitals, whatever the API's own spelling is. moto does so for some."""
    from moto.core.utils import get_service_model
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk as sdk

    StateTaskServiceAwsSdk = sdk.StateTaskServiceAwsSdk
    sdk._SERVICE_ERROR_NAMES["ecs"] = "Ecs"

    def operation(task: Any) -> Any:
        action = task.resource.api_action
        return get_service_model(task._get_boto_service_name()).operation_model(action[0].upper() + action[1:])

    def parameters(self: Any, parameters: dict, *_: Any, **__: Any) -> None:
        self._to_boto_request(parameters, operation(self).input_shape)

    def response(self: Any, response: Any, *_: Any, **__: Any) -> None:
        self._from_boto_response(response, operation(self).output_shape)

    StateTaskServiceAwsSdk._normalise_parameters = parameters
    StateTaskServiceAwsSdk._normalise_response = response


def _jsonata() -> None:
    """moto needs a Java machine for it. A test that wants it brings an implementation on PYTHONPATH."""
    from moto.stepfunctions.parser.asl.jsonata import jsonata as bridge

    def evaluate(expression: str) -> Any:
        from jsonata import Jsonata

        try:
            return Jsonata(expression).evaluate(None)
        except Exception as wrong:
            raise bridge.JSONataException("UNKNOWN", str(wrong)) from wrong

    bridge._eval_jsonata = evaluate
