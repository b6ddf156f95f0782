"""One media worker: its socket, its rooms, its place in the registry, and what each order does."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from typing import Any

from visio import wire
from visio.media import addresses, aiortc_private, census, metrics
from visio.media.answers import Answers
from visio.media.burden import Burden, packets
from visio.media.bus import Bus
from visio.media.chat import Line as ChatLine
from visio.media.config import MediaSettings
from visio.media.departures import Departure, Departures, Happenings, Speech, Spoken
from visio.media.draining import drain
from visio.media.dump import dump
from visio.media.happenings import Happening
from visio.media.heap import Heap
from visio.media.loop_lag import LoopLag
from visio.media.mux import Mux
from visio.media.registry import Registry
from visio.media.room import Room
from visio.media.rooms import Rooms
from visio.media.scrape import Scrape

logger = logging.getLogger("visio.media")

TICK_S = 0.05
LEVELS_TICKS = 8
PRESENCE_TICKS = 20
QUALITY_TICKS = 100
SPEECH_TICKS = 600  # 30 s
PATIENCE_S = 2.0
"""How long a worker that ends waits for Valkey, the broker and the last packets."""


class Worker:
    """Brings everything together; an `Office` for its rooms and a `Holder` for the registry."""

    def __init__(self, settings: MediaSettings, index: int) -> None:
        self.id = f"{index}-{secrets.token_hex(4)}"
        self._settings = settings
        self._mux = Mux()
        channel = wire.worker_channel(settings.redis_prefix, self.id)
        self._bus = Bus(settings.redis_url, settings.redis_prefix, channel, self.handle)
        self._departures = Departures(settings.celery_broker_url, settings.redis_prefix)
        self._registry = Registry(settings.redis_url, settings.redis_prefix, self.id, self)
        certificate = aiortc_private.Certificate.generate()
        self._rooms = Rooms(self._mux, certificate, self, time.monotonic, settings.terms)
        self._background: set[asyncio.Task[None]] = set()
        self._clock: asyncio.Task[None] | None = None
        self._happened: list[Happening] = []
        self._failing: set[str] = set()
        self._reported = 0
        self._spoken = 0
        self._lag = LoopLag()
        self._heap = Heap()
        self._scrape = Scrape(self.metrics)
        self._burden = Burden(time.monotonic(), time.process_time())
        self._handlers: dict[type[Any], Callable[[Any], None]] = {
            wire.Connect: self._rooms.connect,
            wire.Signal: self._rooms.signal,
            wire.Disconnect: self._rooms.disconnect,
            wire.Remove: self._remove,
            wire.CloseRoom: self._close_room,
            wire.Permit: self._permit,
            wire.Chat: self._chat,
            wire.Dump: self._dump,
            **Answers(self._rooms, self.post, time.monotonic).handlers,
        }

    # --- life -------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the ports, then take orders. Raise `OSError` when a port is in use."""
        hosts = addresses.announced(self._settings.hosts, self._settings.bind)
        await self._mux.start(self._settings.bind, self._settings.udp_port, self._settings.tcp_port, hosts)
        if self._settings.metrics_port:
            await self._scrape.start(self._settings.metrics_host, self._settings.metrics_port)
        self._departures.start()
        self._bus.start()
        self._registry.start()
        self._clock = asyncio.create_task(self._tick())
        # What is there now stays: the collector looks at the rest only, which takes no time that anybody would hear.
        gc.collect()
        gc.freeze()
        gc.collect()
        logger.info("worker %s serves UDP %d and TCP %d", self.id, self._mux.udp_port, self._mux.tcp_port)

    async def drain(self) -> None:
        """Move the rooms to other workers, for as long as the settings allow."""
        logger.info("worker %s is draining, %d rooms", self.id, len(self._rooms.rooms))
        await drain(self._rooms, self._registry, self._settings.drain_s)

    async def stop(self) -> None:
        """Leave the registry, send everybody to another worker, end in order."""
        if self._clock is not None:
            self._clock.cancel()
        await self._scrape.close()
        await self._registry.close()
        self._rooms.close_all()
        self._tell_happened()
        await self._bus.close(PATIENCE_S)
        await self._departures.close(PATIENCE_S)
        if self._background:
            await asyncio.wait(self._background, timeout=PATIENCE_S)
        await self._mux.close()

    async def _tick(self) -> None:
        count = 0
        due = time.monotonic()
        while True:
            count += 1
            due = max(due + TICK_S, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
            self._lag.add(time.monotonic() - due)
            try:
                self._beat(count, time.monotonic())
            except Exception:
                logger.exception("a tick failed")

    def _beat(self, count: int, now: float) -> None:
        self._rooms.every(lambda room: room.tick(now))
        self._mux.plane.flush()
        if count % LEVELS_TICKS == 0:
            self._rooms.every(lambda room: room.tick_levels(now))
        if count % PRESENCE_TICKS == 0:
            self._rooms.every(lambda room: room.tick_presence(now, deaf=self._registry.is_away))
            self._heap.tick(now, is_idle=not self._rooms.rooms)
            self._burden.sample(now, time.process_time(), packets(self._rooms.rooms.values()))
        if count % SPEECH_TICKS == 0:
            self._rooms.every(Room.tell_speech)
        if count % QUALITY_TICKS == 0:
            self._rooms.every(Room.tick_quality)

    # --- orders -----------------------------------------------------------------------------------------

    def handle(self, order: wire.Message) -> None:
        """Do what an order says."""
        handler = self._handlers.get(type(order))
        if handler is None:
            logger.warning("%s is no order", type(order).__name__)
        else:
            handler(order)

    def _remove(self, order: wire.Remove) -> None:
        if found := self._rooms.find(order.room, order.session):
            self._rooms.remove(*found, order.reason)

    def _close_room(self, order: wire.CloseRoom) -> None:
        self._rooms.close(order.room, order.reason)

    def _permit(self, order: wire.Permit) -> None:
        if found := self._rooms.find(order.room, order.session):
            room, who = found
            room.permit(who, order.grant)

    def _chat(self, order: wire.Chat) -> None:
        if room := self._rooms.rooms.get(order.room):
            room.say_line(order)

    def _dump(self, order: wire.Dump) -> None:
        self.spawn(self._describe(order))

    async def _describe(self, order: wire.Dump) -> None:
        mux, dropped = self._mux.describe(), self._bus.dropped
        lag_ms = round(self._lag.recent_s * 1000, 1)
        described = {**asdict(self.heartbeat()), "dropped_reports": dropped, "loop_lag_ms": lag_ms, "mux": mux}
        self.post(order.channel, wire.Dumped(order.request, await dump(self._rooms, order, described)))

    def metrics(self) -> bytes:
        """Give the page that Prometheus reads."""
        rooms = self._rooms.rooms.values()
        gauges = {"valkey_away": int(self._registry.is_away), "departures_waiting": len(self._departures)}
        reading = metrics.Reading(
            heartbeat=self.heartbeat(),
            ledger=census.ledger(self._rooms.ledger, rooms),
            sockets=self._mux.describe(),
            lag=self._lag,
            gauges={**gauges, "subscriptions": census.subscriptions(rooms)},
            tracks=census.tracks(rooms),
            paths=census.ways(rooms),
            qualities=census.qualities(rooms),
            reports_dropped=self._bus.dropped,
        )
        return metrics.text(reading)

    # --- what rooms and registry need -------------------------------------------------------------------

    def post(self, channel: str, report: wire.Report) -> None:
        """Send a report to web."""
        self._bus.post(channel, report)

    def soon(self, call: Callable[[], None]) -> object:
        """Run a function when this turn of the loop is over."""
        return asyncio.get_running_loop().call_soon(call)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._done)

    def depart(self, departure: Departure | Speech) -> None:
        """Tell Django that a participant is gone."""
        self._departures.add(departure)

    def happen(self, happening: Happening) -> None:
        """Tell Django, together with what else happens in this turn of the loop, so that the order stays."""
        if not self._happened:
            self.soon(self._tell_happened)
        self._happened.append(happening)

    def _tell_happened(self) -> None:
        happened, self._happened = self._happened, []
        if happened:
            self._reported += 1
            self._departures.add(Happenings(self.id, self._reported, tuple(happened)))

    def speak(self, session: str, line: ChatLine) -> None:
        """Tell Django a line of chat; the number lets it keep their order."""
        self._spoken += 1
        self._departures.add(Spoken(self.id, self._spoken, session, line))

    def failed(self, room: str) -> None:
        """Log the exception that is being handled, the first one of each room: it may come with every tick."""
        if room not in self._failing:
            self._failing.add(room)
            logger.exception("a tick of room %s failed", room)

    def claim(self) -> None:
        """Tell the registry that there is a new room."""
        self._registry.touch()

    def release(self, room: str) -> None:
        """Tell the registry that a room is gone."""
        self._registry.release(room)
        self._failing.discard(room)
        self._heap.freed()

    def room_names(self) -> list[str]:
        """Give the rooms that are to be this worker's."""
        return self._rooms.owned()

    def heartbeat(self) -> wire.Heartbeat:
        """Describe this worker."""
        rooms = self._rooms.rooms.values()
        return wire.Heartbeat(
            id=self.id,
            rooms=len(rooms),
            participants=sum(len(room.participants) for room in rooms),
            load=round(self._burden.load, 3),
            packets_per_s=round(self._burden.packets_per_s),
            draining=self._rooms.is_draining,
            lag_ms=round(self._lag.recent_s * 1000),
        )

    def lose(self, room: str, owner: str) -> None:
        """Give up a room that worker `owner` holds."""
        self._rooms.lose(room, owner)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("background work failed", exc_info=task.exception())
