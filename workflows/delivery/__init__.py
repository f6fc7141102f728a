"""The delivered file: a supplier's tranche in one version, as a small machine of its own."""
