"""What a pack may say and what it means: pure functions over text and plain values.

No Django, no database and no clock in here, so that every rule of the language can be tested by itself.
"""
