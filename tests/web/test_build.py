"""The assets as ``static/build.py`` leaves them, and how it says that it could not."""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from engage import paths

DIST = paths.STATIC / "dist"
HASHED = re.compile(r"^(?P<stem>.+)\.[0-9a-f]{10}(?P<extension>\.\w+)$")


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The build script as a module; it is no part of the package."""
    spec = importlib.util.spec_from_file_location("build_assets", paths.STATIC / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    """Names in templates and the names of what was built for them."""
    path = DIST / "manifest.json"
    if not path.is_file():
        pytest.skip("static/build.py has not run")
    names: dict[str, str] = json.loads(path.read_text())
    return names


def test_every_source_is_built_under_a_name_that_changes_with_it(manifest: dict[str, str]) -> None:
    assert {f"js/{path.name}" for path in (paths.STATIC / "js").glob("*.js")} <= manifest.keys()
    assert {"css/site.css", "fonts/merriweather-bold.woff2", "img/mark.svg"} <= manifest.keys()
    for name, built in manifest.items():
        match = HASHED.match(built)
        assert match is not None, built
        assert match["stem"] + match["extension"] == name
        assert (DIST / built).is_file()


def test_what_is_built_refers_only_to_what_is_built(manifest: dict[str, str]) -> None:
    for name, built in manifest.items():
        if not name.endswith((".css", ".js")):
            continue
        text = (DIST / built).read_text()
        targets = re.findall(r"""url\(([^)]+)\)|(?:from|import)\s*\(?\s*"([^"]+)\"""", text)
        for target in (first or second for first, second in targets):
            assert (DIST / built).parent.joinpath(target).resolve().is_file(), f"{name} refers to {target}"


def test_the_style_sheet_is_light(manifest: dict[str, str]) -> None:
    assert len(gzip.compress((DIST / manifest["css/site.css"]).read_bytes())) < 26_000


def test_compressed_twins_hold_the_same_bytes(manifest: dict[str, str]) -> None:
    style = DIST / manifest["css/site.css"]

    assert gzip.decompress(Path(f"{style}.gz").read_bytes()) == style.read_bytes()
    assert Path(f"{style}.br").stat().st_size < style.stat().st_size


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((paths.STATIC / "package-lock.json").read_text())

    packages = lock["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert "omit-lockfile-registry-resolved=true" in (paths.STATIC / ".npmrc").read_text()


def test_the_digest_changes_with_a_name_and_with_a_content(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "STATIC", tmp_path)
    first, second = tmp_path / "a.scss", tmp_path / "b.scss"
    first.write_text("a {}")
    second.write_text("b {}")
    before = build.digest_of([first, second])

    assert build.digest_of([second, first]) == before
    second.write_text("b { }")
    assert build.digest_of([first, second]) != before
    second.write_text("b {}")
    assert build.digest_of([first, second.rename(tmp_path / "c.scss")]) != before


def test_a_failure_is_told_in_one_line(
    build: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "broken.mjs"
    script.write_text(f"console.log('a first line');\nthrow new Error('no such mixin {'x' * 500}');\n")
    monkeypatch.setattr(build, "build", lambda: build.run_node("build.mjs", script))

    assert build.main() == 1
    told = capsys.readouterr().err
    assert told.startswith("assets: build.mjs failed: Error: no such mixin")
    assert told.count("\n") == 1
    assert len(told) < 300
