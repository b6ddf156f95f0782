"""How smoothly the stage draws many people: frames of the page and long tasks of its main thread, in Chromium.

`python -m benchmarks.stage` opens a room's page and puts 30 made-up people with moving pictures on its stage. While
they speak, mute, raise hands and change places, it counts the frames that the browser paints and the tasks that take
longer than 50 ms. Nobody sends anything, so that decoding is not in it: it is what drawing costs.
"""

from __future__ import annotations

import argparse
from statistics import median, quantiles
from typing import TypedDict

from playwright.sync_api import Page, sync_playwright

from benchmarks import processes
from tests.e2e.conftest import chromium
from tests.e2e.crowds import gather
from tests.stack import Stack
from visio.rooms import slugs

MEASURE = """async ([seconds, changes]) => {
  const { stage, people } = window.crowd;
  const [frames, tasks, drawings] = [[], [], []];
  const take = (list) => tasks.push(...list.getEntries().map((entry) => entry.duration));
  new PerformanceObserver(take).observe({ type: "longtask" });
  const change = (number) => {
    const who = Math.floor(Math.random() * (people.length - 1));
    const what = [
      (person) => ({ isSpeaking: !person.isSpeaking, microphoneOn: true, spokeAt: performance.now() }),
      (person) => ({ microphoneOn: !person.microphoneOn }),
      (person) => ({ hand: person.hand ? 0 : 1 }),
      (person) => ({ quality: person.quality === "good" ? "weak" : "good" }),
    ][number % 4];
    const began = performance.now();
    window.crowd.change(who, what(window.crowd.people[who]));
    drawings.push(performance.now() - began);
  };
  let number = 0;
  const timer = setInterval(() => change(number++), 1000 / changes);
  const names = ["grid", "strip", "speaker", "auto"];
  const layouts = setInterval(() => (stage.layout = names[Math.floor(number / 40) % 4]), 2000);
  const end = performance.now() + seconds * 1000;
  for (let last = performance.now(); last < end; ) {
    const now = await new Promise(requestAnimationFrame);
    frames.push(now - last);
    last = now;
  }
  clearInterval(timer);
  clearInterval(layouts);
  return { frames: frames.slice(1), tasks, drawings };
}"""


class Found(TypedDict):
    """What the page measured, all in milliseconds."""

    frames: list[float]
    tasks: list[float]
    drawings: list[float]


def report(found: Found) -> None:
    """Print it."""
    frames, drawings = found["frames"], found["drawings"]
    a_second = len(frames) / sum(frames) * 1e3
    print(
        f"frames: {a_second:.0f} a second, {_p99(frames):.0f} ms p99, {max(frames):.0f} ms longest\n"
        f"long tasks: {len(found['tasks'])}, {sum(found['tasks']):.0f} ms together\n"
        f"one drawing: {median(drawings):.2f} ms median, {_p99(drawings):.2f} ms p99",
    )


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100)[98]


def measure(page: Page, options: argparse.Namespace) -> None:
    """Let people change for a while, and look."""
    gather(page, options.people, options.fps)
    found: Found = page.evaluate(MEASURE, [options.seconds, options.changes])
    report(found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--changes", type=int, default=20, help="a second")
    parser.add_argument("--fps", type=int, default=15, help="of each picture")
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    print(processes.machine())
    with Stack(media=1) as stack, sync_playwright() as playwright, chromium(playwright) as browser:
        slug = slugs.generate()
        stack.ticket(slug, "somebody")
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{stack.url}/{slug}")
        measure(page, options)


if __name__ == "__main__":
    main()
