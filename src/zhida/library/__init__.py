"""The law as data: policy files, checked on loading, and resolved into rules by region and day."""

from zhida.library.contents import Library
from zhida.library.load import load
from zhida.library.resolve import resolve
from zhida.library.rule import Rule

__all__ = ["Library", "Rule", "load", "resolve"]
