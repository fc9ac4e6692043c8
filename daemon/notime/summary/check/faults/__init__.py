"""Faults: what can be wrong with a written sentence beside its source, a rule a module.

`names`, `figures`, `modality` (negation, doubt, condition, attribution), `claims` (who did what to whom), `seams`
(where words were joined), `rare` (certain where seen), `left_out` (what went); `cues` are the words they look for.
"""
