"""Finds the kill that explains a duplicate."""

import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .arrival import Arrival
from .storm import Kill


@dataclass
class Duplicate:
    """A repeated delivery, although the receiver accepts everything."""

    first: Arrival
    again: Arrival
    kill: Kill | None
    """The first kill after the first arrival, when it was before the second."""

    @property
    def known_for(self) -> float:
        """How many seconds before the kill the receiver answered; negative if it had not."""
        return self.kill.at - self.first.answered_at


def duplicates(arrivals: Iterable[Arrival], kills: list[Kill]) -> list[Duplicate]:
    by_delivery: dict[str, list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        by_delivery[arrival.delivery].append(arrival)
    pairs = [pair for same in by_delivery.values() for pair in zip(same, same[1:], strict=False)]
    return [Duplicate(first, again, between(first, again, kills)) for first, again in pairs]


def between(first: Arrival, again: Arrival, kills: list[Kill]) -> Kill | None:
    index = bisect.bisect_right([kill.over_at for kill in kills], first.at)
    kill = kills[index] if index < len(kills) else None
    return kill if kill and kill.over_at < again.at else None


def most_at_one_kill(found: list[Duplicate]) -> int:
    counted = Counter(id(duplicate.kill) for duplicate in found)
    return max(counted.values(), default=0)
