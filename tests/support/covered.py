"""``-p tests.support.covered``: which lines and branches of the site have run, by marks in its compiled code.

A tracer is told of every line of every library, which doubles the time of all tests; a mark is passed once
and then taken out. Fails where less than ``fail_under`` (pyproject.toml) is covered.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import slipcover

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "engage"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["covered"]

marks = slipcover.Slipcover(branch=True, source=[str(ROOT / PACKAGE)], exclude_also=SETTINGS["exclude_also"])
of_workers: list[dict[str, Any]] = []


class _Marking(MetaPathFinder):
    """Puts marks into the modules of the site while they are loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != PACKAGE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin and isinstance(spec.loader, SourceFileLoader):
            spec.loader = slipcover.importer.SlipcoverLoader(marks, spec.loader, spec.origin)
        return spec


assert PACKAGE not in sys.modules, "what is loaded already has no marks"
sys.meta_path.insert(0, _Marking())


def pytest_testnodedown(node: Any) -> None:
    """Take what a process of the run has passed."""
    if told := getattr(node, "workeroutput", {}).get("covered"):
        of_workers.append(json.loads(told))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that began the run; there, tell people, and fail where it is too little."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        marks.source = None  # What nobody has loaded is added once.
        output["covered"] = json.dumps(marks.get_coverage())
        return
    covered = marks.get_coverage()
    for other in of_workers:
        slipcover.merge_coverage(covered, other)
    slipcover.print_coverage(covered, skip_covered=True, missing_width=60)
    share, least = covered["summary"]["percent_covered"], SETTINGS["fail_under"]
    print(f"{share:.2f} % of lines and branches are covered; at least {least} % must be.")  # noqa: T201
    if share < least and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
