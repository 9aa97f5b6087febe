"""Plan to Python source."""

from __future__ import annotations

from dagspec.emission.python import class_name, emit

__all__ = ["class_name", "emit"]
