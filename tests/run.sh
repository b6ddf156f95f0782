#!/usr/bin/env bash
# Runs the tests with these marks (further arguments go to pytest). What fails beside other clients on this machine runs once
# more, alone, and passes only if it passes then; the output names what failed first, which is a defect of the test or of the code.
set -uo pipefail
marks=$1
shift
python=.venv/bin/python

"$python" -m pytest -m "$marks" "$@"
code=$?
[ $code -eq 1 ] || exit $code  # passed, interrupted, or could not be collected
printf '\n=== Once more, one at a time: what has just failed\n'
exec "$python" -m pytest -m "$marks" --last-failed --last-failed-no-failures none
