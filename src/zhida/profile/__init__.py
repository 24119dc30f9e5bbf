"""The strict profile that policies are written in: FEEL with types, units and nothing that can fail."""

from zhida.profile.checker import check, free_facts
from zhida.profile.names import Checked, FactType, LookupType, Names, Problem

__all__ = ["Checked", "FactType", "LookupType", "Names", "Problem", "check", "free_facts"]
