"""Mail of campaigns played to a stage."""

from pathlib import Path

import pytest

from app.settings import Settings
from tests.integration.stages.played import played

__all__ = ["played"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose e-mails become files."""
    return Settings.from_env({"JALON_DATA_DIR": str(tmp_path), "JALON_BASE_URL": "https://jalon.example"})
