"""`python -m dagspec`."""

from __future__ import annotations

from dagspec.cli import main

if __name__ == "__main__":
    main()
