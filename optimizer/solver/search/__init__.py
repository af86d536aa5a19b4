"""Finding a good solution of a Program and a proven bound, one objective at a time.

`stage.py` runs a stage; `board.py` is what is known of it. One engine bounds (`prover.py`, with
`cuts.py`) while another finds (`finder.py`, with `prices.py`, `neighbourhoods.py` and `squeeze.py`).
Everything here knows columns and labels, never cities.
"""
