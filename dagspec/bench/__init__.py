"""How fast and how small a compiled model is, beside others with the same towers.

Seconds say as much of the machine as of the model, so what is compared is measured by
turns in one process and reported as a ratio.
"""

from __future__ import annotations

from dagspec.bench.report import Report, Speed, measure
from dagspec.heap import keep_freed_memory

__all__ = ["Report", "Speed", "keep_freed_memory", "measure"]
