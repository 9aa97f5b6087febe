"""Reading and explaining a file costs no torch."""

from __future__ import annotations

import subprocess
import sys

import pytest

WORK = {
    "read": "from dagspec.spec import read\n"
    "read(Source('x', 'model m\\nobserve x: normal[3]\\nlatent a: normal[1]'))",
    "explain": "from dagspec.cli.explain import explain\nexplain('E203')",
}


@pytest.mark.parametrize("name", WORK)
def test_no_torch_is_loaded(name: str) -> None:
    program = (
        f"import sys\nfrom dagspec.diagnostic import Source\n{WORK[name]}\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == 0
