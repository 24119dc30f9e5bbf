"""The same rules over a whole population: lowered to SQL, run by an engine, written as tables."""
