"""FEEL, the expression language of OMG's DMN standard, in the strict profile that policies are written in."""

from zhida.feel.interpreter import POLICY, STANDARD, Names, Scope, Trace, evaluate
from zhida.feel.lexer import FeelSyntaxError
from zhida.feel.parser import parse
from zhida.feel.values import UNKNOWN

__all__ = ["POLICY", "STANDARD", "UNKNOWN", "FeelSyntaxError", "Names", "Scope", "Trace", "evaluate", "parse"]
