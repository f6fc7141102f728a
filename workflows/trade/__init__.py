"""What every direct marketer knows, as functions of values: money, dates, codes, rates.

Nothing in here knows a campaign, a session, a file, a setting or the time of day: the caller passes values
in and gets values back. Numbers that an organisation may tune arrive as parameters; the `DEFAULT_…`
values are what a first policy version copies. Do not use this room for anything that has a state: that is
a stage.

Money and stored rates are `Decimal`; a probability that is only looked at (a p-value) is a `float`.
"""
