"""CloudWatch Logs: saved queries and data protection policies."""

import json
import time
import uuid
from typing import Any

from operations import error, operation, store


@operation("logs", "PutQueryDefinition")
def put_query_definition(parameters: dict, region: str) -> Any:
    identifier = parameters.get("queryDefinitionId") or str(uuid.uuid4())
    store(region, "queries")[identifier] = {
        **parameters,
        "queryDefinitionId": identifier,
        "lastModified": int(time.time()),
    }
    return {"queryDefinitionId": identifier}


@operation("logs", "DescribeQueryDefinitions")
def describe_query_definitions(parameters: dict, region: str) -> Any:
    prefix = parameters.get("queryDefinitionNamePrefix", "")
    queries = store(region, "queries").values()
    return {"queryDefinitions": [query for query in queries if query["name"].startswith(prefix)]}


@operation("logs", "DeleteQueryDefinition")
def delete_query_definition(parameters: dict, region: str) -> Any:
    return {"success": store(region, "queries").pop(parameters["queryDefinitionId"], None) is not None}


@operation("logs", "PutDataProtectionPolicy")
def put_data_protection_policy(parameters: dict, region: str) -> Any:
    """AWS wants two statements: one that audits and one that masks, over the same identifiers."""
    try:
        statements = json.loads(parameters["policyDocument"])["Statement"]
        operations = {name for statement in statements for name in statement["Operation"]}
        identifiers = {json.dumps(statement["DataIdentifier"]) for statement in statements}
    except (ValueError, KeyError, TypeError) as malformed:
        raise error("InvalidParameterException", f"the policy document is malformed: {malformed}") from None
    if operations != {"Audit", "Deidentify"} or len(identifiers) != 1:
        raise error("InvalidParameterException", "one Audit and one Deidentify over the same identifiers")
    store(region, "data protection")[parameters["logGroupIdentifier"]] = parameters["policyDocument"]
    return _policy(parameters["logGroupIdentifier"], region)


@operation("logs", "GetDataProtectionPolicy")
def get_data_protection_policy(parameters: dict, region: str) -> Any:
    return _policy(parameters["logGroupIdentifier"], region)


@operation("logs", "DeleteDataProtectionPolicy")
def delete_data_protection_policy(parameters: dict, region: str) -> Any:
    store(region, "data protection").pop(parameters["logGroupIdentifier"], None)
    return {}


def _policy(group: str, region: str) -> dict:
    return {
        "logGroupIdentifier": group,
        "policyDocument": store(region, "data protection").get(group),
    }
