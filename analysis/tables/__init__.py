"""What the tables hold and mean: schemas, storage, codebook, labels, editions, ministries, counts for people to see.

Here: everything that needs the tables alone. Not here: how they are made (`extraction`, `topics`, `continuity`, `kpi`).
"""
