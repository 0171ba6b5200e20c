"""What operators watch, as Prometheus reads it: counts and ages, never anything of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure: `kind` is counter or gauge; `labels` are names of ours."""

    name: str
    kind: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Counts:
    """What this process counted since its start, by (name, label, word)."""

    counted: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def add(self, name: str, label: str = "", word: str = "", *, many: int = 1) -> None:
        """Count one more, or `many`."""
        key = (name, label, word)
        self.counted[key] = self.counted.get(key, 0) + many

    def metrics(self) -> Iterable[Metric]:
        """The counts as metrics."""
        for (name, label, word), count in sorted(self.counted.items()):
            labels = ((label, word),) if label else ()
            yield Metric(f"vigie_{name}_total", "counter", _HELP.get(name, name), count, labels)


_HELP: Final = {
    "webhooks": "Requests of providers by the HTTP status that they got",
    "sent": "Texts handed to a provider by what became of them",
    "rechecks": "Texts looked at again at the moment of sending by what was decided",
    "loop_faults": "Faults that a loop of the worker outlived, by loop",
    "swept": "Messages that only the sweep found",
    "broken": "Timers and deeds that broke, each try",
}


def exposition(metrics: Iterable[Metric]) -> str:
    """The text that Prometheus reads."""
    lines: list[str] = []
    said: set[str] = set()
    for metric in metrics:
        if metric.name not in said:
            said.add(metric.name)
            lines += [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
        labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in metric.labels)
        lines.append(f"{metric.name}{{{labels}}} {metric.value:.15g}" if labels else _bare(metric))
    return "\n".join(lines) + "\n"


def _bare(metric: Metric) -> str:
    return f"{metric.name} {metric.value:.15g}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
