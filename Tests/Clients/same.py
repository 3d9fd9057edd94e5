"""Whether what a generated client made of an answer is the answer."""

from datetime import datetime
from typing import Any


def plain(value: Any) -> Any:
    """A JSON value with every time as a time: clients write them in another form than the server."""
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(element) for element in value]
    if isinstance(value, str) and len(value) > 19 and value[10] == "T":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def hold(place: str, made: Any, answered: Any) -> None:
    """Ends the process where the two differ."""
    if plain(made) != plain(answered):
        raise SystemExit(f"{place}: the client made\n{made}\nof the answer\n{answered}")


def first_event(place: str, lines: Any) -> None:
    """A stream of events has no end: what it begins with is enough."""
    first = next(lines)
    if '"type":"open"' not in first:
        raise SystemExit(f"{place}: the first event is {first}")
