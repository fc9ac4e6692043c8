"""The engines of one model, opened together (`networks`), and what they did for one summary (`meter`)."""
