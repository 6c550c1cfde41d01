"""How good the analysis is, measured on labelled sets: figures, the model card, and data made for measuring."""
