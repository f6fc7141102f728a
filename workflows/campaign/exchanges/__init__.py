"""Exchanges with other houses: a ledger of addresses received and given, kept across campaigns, and its limit."""
