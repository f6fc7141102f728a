"""What is agreed with a list's owner beside its prices: the days for which it holds, and who else uses the list around them."""
