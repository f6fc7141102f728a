"""Who may come in and what the browser may do: sign-in, audiences, cookies, headers. Not for what a role may decide: stages say that."""
