"""Finding a good solution of a Program and a proven bound, one objective at a time.

`stage.py` runs a stage; `board.py` is what is known of it. One engine bounds (`prover.py`) while
another finds (`finder.py`, with `prices.py` and `neighbourhoods.py`). Everything here knows columns
and labels, never cities.
"""
