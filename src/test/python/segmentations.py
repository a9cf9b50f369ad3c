"""Masks that OpenCV and scikit-learn make of maps, step by step as CheXlocalize and MedCLIP-SAMv2 do: the golden of Segmentation.

    pip install -r src/test/python/requirements.txt
    python src/test/python/segmentations.py > src/test/resources/org/m2ib/metrics/golden-segmentations.json

A map is written as a coarse grid of whole numbers. Each cell is repeated to the map's size, times 1000, plus a ramp that keeps
neighbours apart; all values are exact in float32.
"""

import json
import sys

import cv2
import numpy as np
from scipy import ndimage
from sklearn.cluster import KMeans
from sklearn.metrics import f1_score, jaccard_score

RANDOM = np.random.default_rng(20240919)


def spread(grid, rows, columns):
    grid = np.asarray(grid)
    y = np.arange(rows)[:, None]
    x = np.arange(columns)[None, :]
    cells = grid[y * grid.shape[0] // rows, x * grid.shape[1] // columns]
    return (cells * 1000 + (x * 31 + y * 17) % 97).astype(np.float32)


def scaled(values):
    zero = values - values.min()
    return zero / zero.max()


def otsu(values):
    picture = np.uint8(255 * scaled(values))
    return cv2.threshold(picture, 0, picture.max(), cv2.THRESH_OTSU)[1] > 0


def clusters(values):
    rows, columns = values.shape
    written = cv2.imencode(".png", scaled(values) * 255)[1]
    picture = cv2.imdecode(written, cv2.IMREAD_GRAYSCALE) / 255
    small = cv2.resize(picture, (256, 256), interpolation=cv2.INTER_NEAREST)
    # from many starts and to the end: from random ones it often stays in the optimum next to the best
    points = small.reshape(-1, 1)
    starts = [np.percentile(points, [low, high]).reshape(2, 1) for low in (1, 10, 30) for high in (50, 70, 90, 95, 99)]
    tried = [KMeans(n_clusters=2, init=start, n_init=1, tol=0, max_iter=10_000).fit(points) for start in starts if start[0] != start[1]]
    tried.append(KMeans(n_clusters=2, random_state=10, n_init=10, tol=0, max_iter=10_000).fit(points))
    found = min(tried, key=lambda one: one.inertia_)
    bright = (found.labels_ != np.argmin(found.cluster_centers_)).reshape(256, 256).astype(np.uint8)
    bright = cv2.resize(bright, (columns, rows), interpolation=cv2.INTER_NEAREST)
    regions, count = ndimage.label(bright, structure=np.ones((3, 3)))
    sizes = ndimage.sum(bright, regions, range(1, count + 1))
    return np.isin(regions, 1 + np.flatnonzero(sizes == sizes.max()))


def case(name, rows, columns, grid, box):
    values = spread(grid, rows, columns)
    top, left, bottom, right = box
    mask = np.zeros((rows, columns), dtype=bool)
    mask[top:bottom, left:right] = True
    threshold, cluster = otsu(values), clusters(values)
    return {
        "name": name,
        "rows": rows,
        "columns": columns,
        "grid": np.asarray(grid).tolist(),
        "box": box,
        "otsuPixels": int(threshold.sum()),
        "otsuIou": jaccard_score(mask.ravel(), threshold.ravel()),
        "clusterPixels": int(cluster.sum()),
        "clusterDice": f1_score(mask.ravel(), cluster.ravel()),
        "clusterIou": jaccard_score(mask.ravel(), cluster.ravel()),
    }


def random(rows, columns):
    return RANDOM.integers(0, 100, (rows, columns)) ** 2 // 100


CASES = [
    case("as large as the raster", 256, 256, random(8, 8), [20, 30, 120, 200]),
    case("smaller", 61, 83, random(7, 7), [5, 10, 40, 60]),
    case("larger and not square", 411, 300, random(14, 14), [100, 50, 300, 280]),
    case("of two equal regions", 120, 120, [[9, 0, 0], [0, 0, 0], [0, 0, 9]], [0, 0, 40, 40]),
    case("of regions that touch at a corner", 90, 90, [[9, 0, 0], [0, 9, 0], [0, 0, 0]], [0, 0, 60, 60]),
    case("of one bright cell", 100, 140, [[0, 0, 0, 0], [0, 90, 1, 0], [0, 2, 0, 3]], [40, 40, 60, 65]),
    case("that misses", 100, 100, [[5, 0], [0, 1]], [60, 60, 90, 90]),
]

json.dump(CASES, sys.stdout)
print()
