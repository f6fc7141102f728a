"""Measurements as ratios; see README.md."""
