"""What scikit-learn, SciPy and statsmodels make of small made-up maps and samples: the golden of the evaluation's figures.

    pip install -r src/test/python/requirements.txt
    python src/test/python/metrics.py > src/test/resources/org/m2ib/metrics/golden-metrics.json
"""

import json
import sys

import numpy as np
from scipy import ndimage, stats
from sklearn import metrics
from statsmodels.stats.multitest import multipletests

RANDOM = np.random.default_rng(20240611)
THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def floats(values):
    """float32, as the maps are; their decimal text is exact."""
    return np.asarray(values, dtype=np.float32).astype(np.float64)


def localisation(name, rows, columns, map_values, mask):
    values = floats(map_values).ravel()
    mask = np.asarray(mask, dtype=bool).ravel()
    scaled = (values - values.min()) / (values.max() - values.min())
    inside, outside = values[mask], values[~mask]
    candidates = np.unique(values)
    ious = [metrics.jaccard_score(mask, values >= t) for t in candidates]
    best = int(np.flatnonzero(np.isclose(ious, np.max(ious), rtol=0, atol=1e-12))[-1])
    return {
        "name": name,
        "rows": rows,
        "columns": columns,
        "map": values.tolist(),
        "mask": mask.astype(int).tolist(),
        "auc": metrics.roc_auc_score(mask, values),
        "averagePrecision": metrics.average_precision_score(mask, values),
        "iou": [metrics.jaccard_score(mask, scaled > t, zero_division=0) for t in THRESHOLDS],
        "bestIou": ious[best],
        "bestThreshold": (candidates[best] - values.min()) / (values.max() - values.min()),
        "signedContrast": (inside.mean() - outside.mean()) / np.sqrt(inside.var() + outside.var()),
    }


def localisations():
    rows, columns = 9, 14
    box = np.zeros((rows, columns))
    box[2:6, 3:9] = 1
    noise = RANDOM.normal(size=(rows, columns))
    yield localisation("of the box and noise", rows, columns, box + 0.7 * noise, box)
    yield localisation("with many equal values", rows, columns, np.round(box + 0.7 * noise), box)
    yield localisation("that avoids the box", rows, columns, -box + 0.3 * noise, box)
    yield localisation("below zero", rows, columns, 0.5 * box + 0.2 * noise - 5, box)
    one = np.zeros((rows, columns))
    one[8, 13] = 1
    yield localisation("of one pixel", rows, columns, noise, one)


def curve(pixels, weights, values, fill, steps, insertion):
    """Deletion or insertion of a plane whose similarity is the tanh of a weighted sum."""
    n = values.size
    order = np.argsort(-values, kind="stable")
    points = []
    for step in range(steps + 1):
        chosen = order[: int(np.floor(step * n / steps + 0.5))]
        changed = (fill if insertion else pixels).copy()
        changed[chosen] = (pixels if insertion else fill)[chosen]
        points.append(float(np.tanh((changed * weights).sum())))
    area = float(np.trapz(points, dx=1 / steps))
    return {"similarity": points, "area": area}


def curves():
    rows, columns, steps = 6, 5, 7
    pixels = floats(RANDOM.normal(size=rows * columns))
    weights = floats(RANDOM.normal(size=rows * columns) / 10)
    values = floats(np.round(pixels * weights * 20))
    fill = np.zeros(rows * columns)
    return {
        "rows": rows,
        "columns": columns,
        "steps": steps,
        "pixels": pixels.tolist(),
        "weights": weights.tolist(),
        "map": values.tolist(),
        "deletion": curve(pixels, weights, values, fill, steps, False),
        "insertion": curve(pixels, weights, values, fill, steps, True),
    }


def blur():
    rows, columns = 13, 17
    plane = floats(RANDOM.normal(size=(rows, columns)))
    blurred = ndimage.gaussian_filter(plane, sigma=5, truncate=1, mode="nearest")
    return {"rows": rows, "columns": columns, "plane": plane.ravel().tolist(), "blurred": blurred.ravel().tolist()}


def rank_correlation(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    return {"a": a.tolist(), "b": b.tolist(), "spearman": stats.spearmanr(a, b).statistic}


def rank_correlations():
    a = RANDOM.normal(size=20)
    yield rank_correlation(a, a + RANDOM.normal(size=20))
    yield rank_correlation(np.round(a * 2), np.round(-a + RANDOM.normal(size=20)))
    yield rank_correlation(np.arange(6), [5, 5, 5, 5, 5, 4])


def signed_rank(differences):
    differences = np.round(np.asarray(differences, dtype=float), 6)
    changed = differences[differences != 0]
    # few, and no equal sizes: the exact distribution; else the normal one
    exact = len(changed) < 50 and len(set(np.abs(changed))) == len(changed)
    test = stats.wilcoxon(changed, correction=True, mode="exact" if exact else "approx")
    return {"differences": differences.tolist(), "p": test.pvalue}


def signed_ranks():
    yield signed_rank(RANDOM.normal(0.4, size=12))
    yield signed_rank(RANDOM.normal(0.1, size=120))
    yield signed_rank(np.round(RANDOM.normal(0.5, size=60) * 2))
    yield signed_rank(RANDOM.choice([-1, 0, 0, 0, 1, 1], size=80))
    yield signed_rank(np.concatenate([[0, 0, 0], RANDOM.normal(0.6, size=10)]))


def holm():
    p = np.round(np.concatenate([RANDOM.random(4) / 50, RANDOM.random(4), [0.5, 0.5]]), 5)
    return {"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()}


golden = {
    "localisation": list(localisations()),
    "curve": curves(),
    "blur": blur(),
    "rankCorrelation": list(rank_correlations()),
    "signedRank": list(signed_ranks()),
    "holm": holm(),
}
json.dump(golden, sys.stdout)
print()
