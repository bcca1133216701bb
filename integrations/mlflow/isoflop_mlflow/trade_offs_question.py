"""A page's question about trade-offs: query parameters named as the fields of isoflop/v1/trade_offs.proto."""

import math
from typing import Mapping

from isoflop.v1 import trade_offs_pb2

_MAX_MENU = 32


def read_question(arguments: Mapping[str, str]) -> trade_offs_pb2.TradeOffsQuestion:
    """Reads what of the question is given, such as gpu_count=256&days=30&parameter_counts=7e9,13e9.

    Whether a value makes sense is the sidecar's to say.

    Raises:
        ValueError: names the parameter that is no finite number, or holds too many.
    """
    question = trade_offs_pb2.TradeOffsQuestion()
    for field in question.DESCRIPTOR.fields:
        text = arguments.get(field.name)
        if not text or field.message_type is not None:  # A page has no menu of named models.
            continue
        if isinstance(getattr(question, field.name), float):
            setattr(question, field.name, _numbers(field.name, text, 1)[0])
        else:
            getattr(question, field.name).extend(_numbers(field.name, text, _MAX_MENU))
    return question


def _numbers(name: str, text: str, most: int) -> list[float]:
    parts = text.split(",")
    if len(parts) > most:
        raise ValueError(f"{name} must hold at most {most}, got {len(parts)}")
    numbers = []
    for part in parts:
        try:
            number = float(part)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValueError(f"{name} must be a finite number, got {part!r}")
        numbers.append(number)
    return numbers
