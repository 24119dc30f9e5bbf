"""Zhida 直达: local employment-support documents as executable policy."""

__version__ = "0.1.0"
