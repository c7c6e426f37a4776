"""Puts in place what a deployment expects to find in its account, under the identifiers that its file names. AWS and
moto choose identifiers themselves."""

from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroup
from moto.route53.models import route53_backends

from operations import ACCOUNT


def seed(wanted: dict) -> None:
    """`wanted`: {"region", "zones": {id: name}, "securityGroups": [id]}"""
    for identifier, name in wanted.get("zones", {}).items():
        _zone(identifier, name)
    for identifier in wanted.get("securityGroups", []):
        _security_group(identifier, wanted["region"])


def _zone(identifier: str, name: str) -> None:
    backend = route53_backends[ACCOUNT]["aws"]
    zone = backend.create_hosted_zone(name, private_zone=False)
    del backend.zones[zone.resource_id]
    zone.resource_id = identifier
    backend.zones[identifier] = zone


def _security_group(identifier: str, region: str) -> None:
    """In the default VPC, which every region of the emulator has."""
    backend = ec2_backends[ACCOUNT][region]
    vpc = backend.default_vpc.id
    backend.groups[vpc][identifier] = SecurityGroup(backend, identifier, identifier, "seeded", vpc_id=vpc)
