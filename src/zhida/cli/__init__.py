"""The command line."""

from zhida.cli.app import main

__all__ = ["main"]
