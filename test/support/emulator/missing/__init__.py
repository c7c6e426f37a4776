"""Operations that moto lacks, one module a service. Importing a module registers its operations."""

from . import alarms, autoscaling, logs, secrets, states  # noqa: F401
