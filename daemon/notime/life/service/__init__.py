"""The daemon as a service of the platform: from one description a systemd unit, a launchd agent, a Windows task."""

from notime.life.service.description import Description, describe
from notime.life.service.manager import Manager, ServiceState, for_this_platform

__all__ = ["Description", "Manager", "ServiceState", "describe", "for_this_platform"]
