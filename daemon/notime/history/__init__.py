"""The history: what was summarised, on this machine's disk, for as long as the reader wants it.

`thread` is its door for the event loop, `store` for whoever may block; `database` is the file, `query` what may be
looked for, `clock` the time to forget by.
"""
