"""The plan line: a list's segment with its message, role and quantity, as a small machine of its own.

Its campaign's conditions read its state.
"""
