"""A campaign in whatever stage a test is about."""

from tests.integration.stages.played import played

__all__ = ["played"]
