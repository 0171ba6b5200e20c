"""Whose a person is: by what is said of them, else by their postcode."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flows.rules import Pack, territory_of
from flows.vocabulary import Person


def placed(pack: Pack, person: Person, values: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What is learned of somebody, with their territory where a new postcode tells it."""
    postcode = values.get("postcode")
    if not postcode or "territory" in values:
        return dict(values)
    country = str(values.get("country") or person.country)
    found = territory_of(pack, country, str(postcode), on)
    return {**values, **({"territory": found} if found else {})}
