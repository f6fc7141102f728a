"""The budget and who signs it: its snapshot, its questions and conditions, the signatures it needs, the overrun that asks again."""
