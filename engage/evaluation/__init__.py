"""How good the analysis is: labelled sets, figures, the model card, and the scripts that teach what learns."""
