"""Samples: the mail piece that owners of lists are shown before they consent, version by version, and exactly which of them they saw."""
