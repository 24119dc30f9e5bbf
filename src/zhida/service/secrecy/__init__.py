"""Personal data at rest: sealed with SM4, found by a keyed SM3 hash; the keys stay outside the database."""
