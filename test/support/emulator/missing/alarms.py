"""CloudWatch: composite alarms. moto knows metric alarms only."""

import re
from typing import Any

from operations import PASS, arn, error, operation, store

# A rule combines states of other alarms: ALARM("name") OR NOT OK("other").
STATE = re.compile(r"\b(ALARM|OK|INSUFFICIENT_DATA)\s*\(")


@operation("cloudwatch", "PutCompositeAlarm")
def put_composite_alarm(parameters: dict, region: str) -> Any:
    if not STATE.search(parameters["AlarmRule"]):
        raise error("ValidationError", "AlarmRule names no alarm's state")
    name = parameters["AlarmName"]
    store(region, "composite alarms")[name] = {
        "ActionsEnabled": True,
        **parameters,
        "AlarmArn": arn("cloudwatch", region, f"alarm:{name}"),
        "StateValue": "INSUFFICIENT_DATA",
    }
    return {}


@operation("cloudwatch", "DescribeAlarms")
def describe_alarms(parameters: dict, region: str) -> Any:
    """Only a question for composite alarms is ours: a client that wants them says so."""
    if parameters.get("AlarmTypes") != ["CompositeAlarm"]:
        return PASS
    names = parameters.get("AlarmNames")
    alarms = store(region, "composite alarms")
    return {"CompositeAlarms": [alarm for name, alarm in alarms.items() if not names or name in names]}


@operation("cloudwatch", "DeleteAlarms")
def delete_alarms(parameters: dict, region: str) -> Any:
    found = [store(region, "composite alarms").pop(name, None) for name in parameters["AlarmNames"]]
    return {} if any(found) else PASS


@operation("cloudwatch", "ListTagsForResource")
def list_tags(parameters: dict, region: str) -> Any:
    for alarm in store(region, "composite alarms").values():
        if alarm["AlarmArn"] == parameters["ResourceARN"]:
            return {"Tags": alarm.get("Tags", [])}
    return PASS
