"""What the check learnt from rewritings that editors judged: `taught`, from the rules, `certainty` and `leaning`."""
