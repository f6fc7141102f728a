"""Those who work on people's data for the advertiser, and the contracts that bind them."""
