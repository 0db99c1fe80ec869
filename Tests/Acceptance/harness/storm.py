"""Repeated kill -9, at random moments and at moments when something is half done."""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .arrival import Arrival
from .load_generator import LoadGenerator
from .receiver import Receiver
from .service import Service

LIFE = (0.0, 0.4)
"""Seconds that the service lives when nothing else says when it dies."""
START = (0.0, 0.15)
"""Seconds after the start of the process in which it is still starting."""
STILL_READ = 0.05
"""Seconds after a start in which the receiver may still read what the process before had sent; none sends so soon."""
PAUSE = 0.0005
"""How often the moment is looked for."""


@dataclass
class Kill:
    moment: str
    at: float
    """time.monotonic() just before the signal."""
    launched_at: float
    """When the next process was started."""
    under_way: list[Arrival] = field(default_factory=list)
    """What the receiver had and had not answered."""
    first_retry: float | None = None
    """Seconds from the start of the next process until something that was under way was sent again, if waited for."""

    @property
    def over_at(self) -> float:
        """Whatever arrives from now on was sent by the next process."""
        return self.launched_at + STILL_READ


class Storm:
    def __init__(self, service: Service, receiver: Receiver, paths: list[str], load: LoadGenerator, seed: int):
        self.service = service
        self.receiver = receiver
        self.paths = paths
        self.load = load
        self.randomness = random.Random(seed)
        self.kills: list[Kill] = []
        self.moments: list[Callable[[], None]] = [
            self.at_random,
            self.while_starting,
            self.after_an_answer,
            self.while_sending,
            self.after_the_first_retry,
        ]

    def rage(self, kills: int):
        for _ in range(kills):
            moment = self.next_moment()
            moment()
            self.kill(moment.__name__)
        self.service.wait_until_ready()

    def next_moment(self) -> Callable[[], None]:
        """A first retry can only be waited for after some of the kills, so every other time it is."""
        moment = self.randomness.choice(self.moments)
        return self.after_the_first_retry if self.interrupted_once() and self.randomness.random() < 0.5 else moment

    def interrupted_once(self) -> set[str]:
        """What was under way for the first time at the last kill."""
        return {a.delivery for a in self.kills[-1].under_way if a.attempt == 1} if self.kills else set()

    def kill(self, moment: str):
        at = time.monotonic()
        self.service.kill()
        under_way = self.unanswered()
        self.service.launch()
        self.kills.append(Kill(moment, at, self.service.launched_at, under_way))

    def unanswered(self) -> list[Arrival]:
        """Only of this process: requests that earlier ones left unanswered will never be answered."""
        since = self.kills[-1].over_at if self.kills else 0
        return [a for a in self.arrivals_since(since) if math.isinf(a.answered_at)]

    def arrivals_since(self, moment: float) -> list[Arrival]:
        return [arrival for path in self.paths for arrival in self.receiver.since(path, moment)]

    # moments

    def at_random(self):
        self.service.wait_until_ready()
        time.sleep(self.randomness.uniform(*LIFE))

    def while_starting(self):
        time.sleep(self.randomness.uniform(*START))

    def after_an_answer(self):
        self.service.wait_until_ready()
        before = len(self.load.answers)
        self.wait(lambda: len(self.load.answers) > before)

    def while_sending(self):
        self.service.wait_until_ready()
        begin = time.monotonic()
        self.wait(lambda: self.arrivals_since(begin))

    def after_the_first_retry(self):
        """What was interrupted once is due at once, so it is on the wire soon. (Interrupted twice, it waits.)"""
        once = self.interrupted_once()
        if not once:
            return self.at_random()
        return self.wait(lambda: self.sent_again(once, self.kills[-1]), seconds=10)

    def sent_again(self, deliveries: set[str], last: Kill) -> bool:
        again = [a.at for a in self.arrivals_since(last.launched_at) if a.delivery in deliveries]
        if again:
            last.first_retry = min(again) - last.launched_at
        return bool(again)

    def wait(self, condition: Callable[[], object], seconds: float = 2):
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(PAUSE)
