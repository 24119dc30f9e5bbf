"""Packages, the cases in them, and the log of their steps."""
