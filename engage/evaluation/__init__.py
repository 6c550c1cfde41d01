"""How good the analysis is: labelled sets, figures, the model card, the scripts that teach what learns."""
