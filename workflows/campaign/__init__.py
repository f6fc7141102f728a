"""The campaign: its stages, its rules and the documents it issues."""
