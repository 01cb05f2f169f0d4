"""Stories: what people do in the demo city, in a real browser, from the sign-in page to the last click."""
