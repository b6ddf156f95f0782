"""The entry of a media worker: `python -m visio.media --index N`."""

from __future__ import annotations

import argparse
import asyncio
import logging.config
import signal
import sys

from suite import env, logs
from visio.media import aiortc_private, config
from visio.media.worker import Worker


def main() -> int:
    """Run one worker until SIGTERM or SIGINT; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m visio.media", description="Run one media worker.")
    parser.add_argument("--index", type=int, default=0, help="number of this worker on this machine, from 0")
    index = parser.parse_args().index
    try:
        form = env.choice("LOG_FORMAT", "text", ("text", "json"), "Form of log lines.")
        logging.config.dictConfig(logs.configuration(form))
        aiortc_private.check()
        asyncio.run(serve(config.read(index), index))
    except (env.SettingError, aiortc_private.IncompatibleLibraryError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(f"media worker {index} cannot open its port: {error.strerror or error}")
    return 0


async def serve(settings: config.MediaSettings, index: int) -> None:
    """Run a worker until SIGTERM lets it end when its rooms have moved, or SIGINT (or one more SIGTERM) at once."""
    ending, at_once = asyncio.Event(), asyncio.Event()
    _obey(ending, at_once)
    worker = Worker(settings, index)
    await worker.start()
    await ending.wait()
    draining, hurry = asyncio.create_task(worker.drain()), asyncio.create_task(at_once.wait())
    await asyncio.wait({draining, hurry}, return_when=asyncio.FIRST_COMPLETED)
    for task in (draining, hurry):
        task.cancel()
    await worker.stop()


def _obey(ending: asyncio.Event, at_once: asyncio.Event) -> None:
    """Turn signals into events."""

    def end() -> None:
        if ending.is_set():
            at_once.set()
        ending.set()

    def end_at_once() -> None:
        at_once.set()
        ending.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, end)
    loop.add_signal_handler(signal.SIGINT, end_at_once)


def _fail(sentence: str) -> int:
    sys.stderr.write(sentence + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
