"""`manage.py` commands one after the other in one process, which spares each of them the start of Django.

A line in is a JSON list of arguments; a line out is `{"printed": …}` or `{"error": …}`. Ends when its input does.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Office:
    """The process, seen from a test; threads may share it."""

    def __init__(self, env: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.office"],
            env=env,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._one_at_a_time = threading.Lock()

    def run(self, *arguments: str) -> str:
        """Run a command; give what it printed. Raise `AssertionError` with its error."""
        with self._one_at_a_time:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(arguments) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        assert line, f"manage.py {' '.join(arguments)}: the process ended"
        answer = json.loads(line)
        assert "error" not in answer, f"manage.py {' '.join(arguments)}: {answer['error']}"
        return str(answer["printed"])

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


def _serve() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suite.settings")
    import django  # noqa: PLC0415  (only the process of the office runs Django, not who imports this file)
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, connections  # noqa: PLC0415

    django.setup()
    for line in sys.stdin:
        printed = io.StringIO()
        try:
            call_command(*json.loads(line), stdout=printed)
            answer = {"printed": printed.getvalue()}
        except Exception as error:  # noqa: BLE001  (whatever it is, the test is told)
            answer = {"error": repr(error)}
        connections.close_all()
        # The next command must not meet the pool's connections of before a restart; SQLite has no pool.
        getattr(connection, "close_pool", bool)()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
