"""Follow-ups: campaigns that write once more to those whom an earlier one wrote to, as far as the owners of its lists agreed to that.

`sources` says what may be brought over, `opening` opens one in the campaign that it follows up, `beginning` makes it, `limits` keeps it to
what it was opened with, `bringing` has its files made. What is agreed with owners is in `terms.reuse`.
"""
