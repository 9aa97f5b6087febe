"""Answers to what people ask of a trained model: grids, arrays, tables."""
