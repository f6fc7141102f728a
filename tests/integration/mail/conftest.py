"""Mail of campaigns played to a stage."""

from tests.integration.stages.played import played

__all__ = ["played"]
