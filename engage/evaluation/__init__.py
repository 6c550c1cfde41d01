"""How good the analysis is, measured on labelled sets: figures, model card, and data made for measuring."""
