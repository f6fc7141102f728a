"""Orders to suppliers: which lists are settled, what is ordered and still says so, what a withdrawn order costs."""
