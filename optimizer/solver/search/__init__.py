"""Finding a good solution of a Program and a proven bound, one objective at a time.

`stage.py` runs a stage; `incumbent.py` is what is known of it. One engine bounds (`bound_prover.py`, with
`cuts.py`) while another finds (`primal_heuristic.py`,
with `slack_prices.py`, `neighbourhoods.py` and `strategic_oscillation.py`).
Everything here knows columns and labels, never cities.
"""
