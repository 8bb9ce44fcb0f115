"""The opening page in the shell of the fridge: of a working site, and of one founded a moment ago."""

from tests.ui.stock.conftest import new_rig, rig

__all__ = ["new_rig", "rig"]
