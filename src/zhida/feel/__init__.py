"""FEEL, the expression language of OMG's DMN standard, and the strict profile that policies are written in."""

from zhida.feel.interpreter import POLICY, STANDARD, Local, Names, Scope, Trace, evaluate
from zhida.feel.lexer import FeelSyntaxError
from zhida.feel.parser import parse, parse_unary_tests
from zhida.feel.values import UNKNOWN

__all__ = [
    "POLICY", "STANDARD", "UNKNOWN", "FeelSyntaxError", "Local", "Names", "Scope", "Trace", "evaluate",
    "parse", "parse_unary_tests",
]  # fmt: skip
