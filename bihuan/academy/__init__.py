"""The academy: an invented city, the same one every time from one seed, and the figures really published that it stands beside."""
