"""Tells which AWS operation an HTTP request is, and reads its parameters as AWS would."""

import functools
import io
import re
from dataclasses import dataclass
from typing import Any, Optional
from urllib.parse import parse_qsl, unquote

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.utils import get_service_model

# The name in a request's signature, and the service models it may mean. A request that is signed for any other
# service is a violation (see server.py), so that this table cannot silently fall behind.
SERVICES = {
    "acm": "acm",
    "application-autoscaling": "application-autoscaling",
    "ec2": "ec2",
    "ecr": "ecr",
    "ecs": "ecs",
    "elasticloadbalancing": "elbv2",
    "events": "events",
    "firehose": "firehose",
    "iam": "iam",
    "kms": "kms",
    "lambda": "lambda",
    "logs": "logs",
    "monitoring": "cloudwatch",
    "route53": "route53",
    "s3": "s3",
    "scheduler": "scheduler",
    "secretsmanager": "secretsmanager",
    "servicediscovery": "servicediscovery",
    "sns": "sns",
    "sqs": "sqs",
    "ssm": "ssm",
    "states": "stepfunctions",
    "sts": "sts",
    "wafv2": "wafv2",
}
# Services whose requests look alike in every protocol to moto's detection, although they speak only this one.
REST_XML = ("route53", "s3")


@dataclass
class Call:
    """One request to one operation of a service model."""

    service: str
    operation: Any
    region: str
    uri_parameters: dict
    protocol: str = ""


class UnknownService(Exception):
    """A request is signed for a service that SERVICES does not name."""


class UnknownOperation(Exception):
    """A request matches no operation of the service that it is signed for."""


def identify(environ: dict, body: bytes) -> Optional[Call]:
    """The operation of a signed request. None for what is not signed: the emulator's own interface."""
    signature = re.search(
        r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/aws4_request", environ.get("HTTP_AUTHORIZATION", "")
    )
    if signature is None:
        return None
    region, signed_for = signature.groups()
    service = SERVICES.get(signed_for)
    if service is None:
        raise UnknownService(signed_for)
    model = get_service_model(service)
    name, uri_parameters = _operation_name(service, environ, body)
    if name not in model.operation_names:
        raise UnknownOperation(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {name or ''}")
    # Global services are signed for a region of their own name.
    return Call(service, model.operation_model(name), region, uri_parameters)


def parameters(call: Call, environ: dict, body: bytes) -> dict:
    """The request's parameters in the model's shape. Also notes the protocol, which the answer needs."""
    copy = {**environ, "wsgi.input": io.BytesIO(body)}
    request = Request(copy)
    if call.service in REST_XML:
        call.protocol = "rest-xml"
    else:
        call.protocol = determine_request_protocol(call.operation.service_model, request.content_type)
    return PROTOCOL_PARSERS[call.protocol](call.operation).parse(
        {
            "method": request.method,
            "values": request.values,
            "headers": request.headers,
            "body": body,
            "url_path": request.path,
            "url_params": call.uri_parameters,
        }
    )


def _operation_name(service: str, environ: dict, body: bytes) -> tuple:
    """The three ways in which AWS names an operation: a header, a form field, or method and path."""
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return target.split(".")[-1], {}
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode())).get("Action"), {}
    return _rest_operation(service, environ)


def _rest_operation(service: str, environ: dict) -> tuple:
    uri = environ.get("REQUEST_URI") or environ.get("RAW_URI") or environ["PATH_INFO"]
    # A client that sends through a proxy writes the whole URL.
    path, _, query = re.sub(r"^https?://[^/]+", "", uri).partition("?")
    keys = dict(parse_qsl(query, keep_blank_values=True))
    for method, pattern, literals, headers, name in _routes(service):
        if method != environ["REQUEST_METHOD"]:
            continue
        if not all(f"HTTP_{header.upper().replace('-', '_')}" in environ for header in headers):
            continue
        if not all(key in keys and value in ("", keys[key]) for key, value in literals.items()):
            continue
        match = pattern.match(path)
        if match:
            return name, {key: unquote(value) for key, value in match.groupdict().items()}
    return None, {}


@functools.lru_cache(maxsize=None)
def _routes(service: str) -> list:
    """Every operation's method, path, fixed query keys and needed headers; the most particular ones first."""
    model = get_service_model(service)
    routes = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        # GetBucketLifecycle and its like were replaced by an operation at the same address.
        if operation.deprecated:
            continue
        path, _, query = operation.http["requestUri"].partition("?")
        escaped = re.escape(path.rstrip("/") or "/")
        greedy = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", escaped)
        pattern = re.compile("^" + re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", greedy) + "/?$")
        literals = dict(parse_qsl(query, keep_blank_values=True))
        # A required parameter tells apart two operations at one address: get and list by the query, put and copy by a header.
        required = [
            (shape.serialization.get("location"), shape.serialization.get("name"))
            for member, shape in (operation.input_shape.members if operation.input_shape else {}).items()
            if member in operation.input_shape.required_members
        ]
        literals.update({name: "" for location, name in required if location == "querystring"})
        headers = [name for location, name in required if location == "header"]
        routes.append((operation.http["method"], pattern, literals, headers, name))
    return sorted(routes, key=lambda route: (-len(route[2]) - len(route[3]), route[1].groups))
