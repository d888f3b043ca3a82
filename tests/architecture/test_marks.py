"""`./run test` chooses tests by mark; a mark nobody declared stops pytest before the first test."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_mark_that_run_chooses_by_is_declared() -> None:
    options = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    declared = {mark.split(":")[0] for mark in options["markers"]}
    [alone] = re.findall(r'^ALONE = "(.+)"$', (ROOT / "run").read_text(), re.MULTILINE)
    assert set(alone.split(" or ")) <= declared
