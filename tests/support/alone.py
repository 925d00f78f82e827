"""Python in a process of its own: where a test forks, no thread of the tests may stand in the middle of something."""

import os
import subprocess
import sys
from pathlib import Path

from warm import run_script

TESTS = Path(__file__).parents[1]


def run_alone(script: str, *arguments: object) -> str:
    """What a script prints that runs by itself, with the helpers of the tests at hand; it has to end well."""
    paths = os.pathsep.join(str(TESTS / name) for name in ("support", "bench"))
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_warm(script: str, *arguments: object) -> str:
    """What `run_alone` gives, without the two seconds that Python takes to load what a build needs."""
    done = run_script(script, *map(str, arguments))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
