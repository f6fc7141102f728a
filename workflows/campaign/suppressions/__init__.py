"""Suppression files: lists of people whom a campaign must not write to, read by a machine as soon as they are here."""
