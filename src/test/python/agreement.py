"""Makes src/test/resources/agreement/golden.json with irrCAC 0.4 and statsmodels 0.14 (both from PyPI).

Each set has ratings by subject and rater (-1: missing), and the coefficients with their 95 % intervals as those
libraries give them.
"""
import json
import random
import sys

import numpy as np
import pandas as pd
from irrCAC.raw import CAC
from statsmodels.stats.inter_rater import cohens_kappa

WEIGHTS = {"IDENTITY": "identity", "LINEAR": "linear", "QUADRATIC": "quadratic"}


def ratings(seed, subjects, raters, categories, agreement, missing):
    rng = random.Random(seed)
    rows = []
    for _ in range(subjects):
        truth = min(categories - 1, int(rng.expovariate(1.0)))
        row = [truth if rng.random() < agreement else rng.randrange(categories) for _ in range(raters)]
        rows.append([-1 if rng.random() < missing else r for r in row])
    for c in range(categories):  # every category occurs, so that both agree on how many there are
        rows[c][0] = c
    return rows


def cac(rows, categories, weights):
    frame = pd.DataFrame(rows).replace(-1, np.nan)
    found = CAC(frame, weights=weights, categories=list(range(categories)), digits=12)
    out = {}
    for name, method in (("gwet", found.gwet), ("fleiss", found.fleiss)):
        est = method()["est"]
        out[name] = [est["coefficient_value"], est["confidence_interval"][0], est["confidence_interval"][1]]
        out["percent"] = est["pa"]
    return out


def cohen(rows, categories, weights):
    table = np.zeros((categories, categories))
    for a, b in rows:
        if a >= 0 and b >= 0:
            table[a, b] += 1
    wt = {"identity": None, "linear": "linear", "quadratic": "quadratic"}[weights]
    found = cohens_kappa(table, wt=wt)
    return [found.kappa, found.kappa_low, found.kappa_upp]


def main(path):
    sets = []
    for seed, subjects, raters, categories, agreement, missing in (
            (1, 40, 2, 3, 0.7, 0.0), (2, 60, 2, 5, 0.6, 0.0), (3, 50, 2, 5, 0.5, 0.2), (4, 30, 4, 3, 0.6, 0.0),
            (5, 80, 5, 5, 0.7, 0.3), (6, 25, 3, 2, 0.95, 0.1), (7, 200, 2, 2, 0.9, 0.0), (8, 12, 3, 4, 0.1, 0.0)):
        rows = ratings(seed, subjects, raters, categories, agreement, missing)
        for name, weights in WEIGHTS.items():
            expected = cac(rows, categories, weights)
            if raters == 2:
                expected["cohen"] = cohen(rows, categories, weights)
            sets.append({"seed": seed, "categories": categories, "weights": name, "ratings": rows, **expected})
    with open(path, "w", encoding="utf-8") as out:
        json.dump(sets, out, indent=None, separators=(",", ":"))
        out.write("\n")


main(sys.argv[1])
