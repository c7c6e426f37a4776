"""Application Auto Scaling: tags of scalable targets."""

from typing import Any

from operations import PASS, operation, store


@operation("application-autoscaling", "RegisterScalableTarget")
def register_scalable_target(parameters: dict, region: str) -> Any:
    """moto registers the target and makes its ARN, so the tags wait until somebody asks with that ARN."""
    store(region, "pending tags")[parameters["ResourceId"]] = parameters.get("Tags", {})
    return PASS


@operation("application-autoscaling", "TagResource")
def tag_resource(parameters: dict, region: str) -> Any:
    _tags(parameters["ResourceARN"], region).update(parameters["Tags"])
    return {}


@operation("application-autoscaling", "UntagResource")
def untag_resource(parameters: dict, region: str) -> Any:
    for key in parameters["TagKeys"]:
        _tags(parameters["ResourceARN"], region).pop(key, None)
    return {}


@operation("application-autoscaling", "ListTagsForResource")
def list_tags(parameters: dict, region: str) -> Any:
    return {"Tags": _tags(parameters["ResourceARN"], region)}


def _tags(resource_arn: str, region: str) -> dict:
    from moto.applicationautoscaling.models import applicationautoscaling_backends
    from operations import ACCOUNT

    tables = store(region, "target tags")
    if resource_arn not in tables:
        targets = applicationautoscaling_backends[ACCOUNT][region].targets
        for dimension in targets.values():
            for target in dimension.values():
                if target.arn == resource_arn:
                    tables[resource_arn] = store(region, "pending tags").get(target.resource_id, {})
    return tables.setdefault(resource_arn, {})
