"""People, roles, advertisers and suppliers, and the Actor who asks. Not for what they may do: stages say that."""
