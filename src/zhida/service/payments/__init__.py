"""Funds and what moves in them: append-only transfers, balanced by construction."""
