"""Populations: folders of Parquet or CSV files, one for each entity; read, checked and made."""

from zhida.population.opening import open_population
from zhida.population.problems import PopulationError, Problem
from zhida.population.schema import LOGICAL_TYPES, Field, FileSchema, file_stem, population_schema
from zhida.population.source import Column, Population, Source
from zhida.population.verify import verify

__all__ = [
    "LOGICAL_TYPES",
    "Column",
    "Field",
    "FileSchema",
    "Population",
    "PopulationError",
    "Problem",
    "Source",
    "file_stem",
    "open_population",
    "population_schema",
    "verify",
]
