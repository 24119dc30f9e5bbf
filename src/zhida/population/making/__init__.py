"""Synthetic populations: plausible, the same for the same seed, and made by SQL over whole columns."""
