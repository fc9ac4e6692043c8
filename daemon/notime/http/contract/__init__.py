"""The contract for machines: `schemas` of every answer, and `openapi` made from them."""
