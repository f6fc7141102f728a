"""The user task's machine: who has it in hand, how urgent it is, until when it rests. Not for doing it: the campaign's moves close it."""
