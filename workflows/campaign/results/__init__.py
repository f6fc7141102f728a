"""What came back: counts and KPIs, and what the tests of a lot plan allow to be said."""
