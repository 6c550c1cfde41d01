"""How good the analysis is, measured on labelled sets: figures, the model card, data made for measuring."""
