"""How good the analysis is, measured on labelled sets, and the data made for measuring."""
