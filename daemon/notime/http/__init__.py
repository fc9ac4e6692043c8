"""The daemon's HTTP: who may ask (`guard`, `auth`), what (`app`, `lookups`, `requests`), and the answer as it comes.

What makes the answer is in `notime.service`, what remembers it in `notime.history`.
"""
