"""What is wrong with this notime, and what mends it."""

from notime.doctor.examine import examine
from notime.doctor.finding import Finding

__all__ = ["Finding", "examine"]
