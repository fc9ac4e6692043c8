"""The daemon: who may ask, what they may ask for, and the answer as it comes."""
