"""What goes wrong in a world, how often: nothing in calm weather."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weather:
    """Chances from 0 to 1. Of a text handed over: `busy`, `refused`, `mute` (taken, but the answer
    never comes), `lost` (not taken, and no answer), `vague` (a 5xx, taken or not), `undelivered`.

    Of what a provider posts: `twice`, `late`, `unposted` (only the sweep can find it). Of each
    visit to the database: `slow`, `faulty`, `dies`; of each commit `dies_committing`.
    `out_of_reach`: of a look-up or a sweep. `blocks`: the provider itself minds STOP.
    """

    busy: float = 0.0
    refused: float = 0.0
    mute: float = 0.0
    lost: float = 0.0
    vague: float = 0.0
    undelivered: float = 0.0
    twice: float = 0.0
    late: float = 0.0
    unposted: float = 0.0
    slow: float = 0.0
    faulty: float = 0.0
    dies: float = 0.0
    dies_committing: float = 0.0
    out_of_reach: float = 0.0
    blocks: bool = False

    @property
    def calm(self) -> bool:
        """Whether nothing goes wrong."""
        return self == CALM


CALM = Weather()
# A bad week: a provider that fails, and a service that is killed now and then.
ROUGH = Weather(
    busy=0.02,
    refused=0.01,
    mute=0.01,
    lost=0.01,
    vague=0.01,
    undelivered=0.02,
    twice=0.05,
    late=0.05,
    unposted=0.02,
    dies_committing=0.0003,
    out_of_reach=0.05,
)
