"""Export: trained or foreign weights to quantised ONNX. `scripts/export-model` runs it."""
