"""Plays a kit: acts as each person and supplier through the one door, on the campaign's own calendar. Goes around no guard.

Not for production use of the engine; it is how a newcomer, a test and the demonstration see a whole campaign.
"""
