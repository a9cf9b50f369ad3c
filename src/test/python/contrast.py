"""The contrastive bottleneck, computed with Hugging Face's CLIPModel in float64: the golden of m2ib-contrast.

    pip install -r src/test/python/requirements.txt
    python src/test/python/contrast.py

writes golden-contrast.json. Each gate l_t is a number of its own, and the engine differentiates the margin by it; Java differentiates by
the state and writes out the rest. Notation as in methods.py.
"""

import json

import torch
import torch.nn.functional as F

from formula import normal
from formula_clip import RESOURCES
from methods import digits, sides

LEVELS = 20
TOGETHER = 10
CASES = [
    dict(pixels="pixels", ids=[98, 7, 42, 13, 5, 99], image_layer=0, text_layer=0, seed="noise",
         contrasts=[[98, 11, 99], [98, 3, 21, 30, 99], [98, 50, 8, 99]]),
    dict(pixels="pixels/other", ids=[98, 61, 3, 77, 20, 8, 34, 99], image_layer=1, text_layer=1, seed="other",
         contrasts=[[98, 61, 99], [98, 14, 2, 99]]),
]


def scores(h, own, gated, suffix, direction, seed):
    """Mean over the levels of the margin's derivative by each gate."""
    t, d = h.shape[1:]
    mean = h[:, own].mean(1, keepdim=True)
    deviation = h[:, own].var(1, correction=0, keepdim=True).sqrt()
    total = torch.zeros(t, dtype=h.dtype)
    for step in range(LEVELS // TOGETHER):
        eps = normal(seed, TOGETHER, t, d, step=step).to(h.dtype) * deviation + mean
        for i in range(TOGETHER):
            level = (step * TOGETHER + i + 0.5) / LEVELS
            gates = torch.where(gated, torch.full((t,), level, dtype=h.dtype), torch.ones(t, dtype=h.dtype)).requires_grad_()
            z = gates[None, :, None] * h + (1 - gates)[None, :, None] * eps[i : i + 1]
            margin = (F.normalize(suffix(z), dim=-1) * direction).sum()
            total += torch.autograd.grad(margin, gates)[0]
    return torch.where(gated, total / LEVELS, torch.zeros(t, dtype=h.dtype)).detach()


def smooth(grid):
    """A Gaussian of one patch's width to three patches, its weights shared out at the edges."""
    n = torch.arange(grid.shape[0], dtype=grid.dtype)
    m = torch.arange(grid.shape[1], dtype=grid.dtype)
    def kernel(x):
        distance = x[:, None] - x[None]
        weights = torch.where(distance.abs() <= 3, torch.exp(-distance**2 / 2), torch.zeros_like(distance))
        return weights / weights.sum(1, keepdim=True)
    return kernel(n) @ grid @ kernel(m).T


def compute(case, dtype=torch.float64):
    image, text, s = sides(case["pixels"], case["ids"], dtype)
    with torch.no_grad():
        others = torch.cat([F.normalize(text.embedding(ids), dim=-1) for ids in case["contrasts"]]).mean(0, keepdim=True)
        h, words = image.hidden(case["image_layer"]), text.hidden(case["text_layer"])
    unit = lambda v: F.normalize(v.reshape(1, -1), dim=-1)
    last = len(image.layers) - 1
    patches = torch.arange(h.shape[1]) > 0
    grid = scores(h, slice(1, None), patches, lambda z: image.pool(image.run(z, case["image_layer"] + 1, last)[0]),
                  unit(image.target) - others, case["seed"] + "/contrast-vision")
    own = torch.zeros(words.shape[1], dtype=torch.bool)
    own[1:-1] = True
    tokens = scores(words, slice(None), own, lambda z: text.pool(text.run(z, case["text_layer"] + 1, last)[0]),
                    unit(text.target), case["seed"] + "/contrast-text")
    return s.item() if torch.is_tensor(s) else s, image.shape(grid[1:]), tokens[1:-1]


def golden(case):
    s, grid, tokens = compute(case)
    grid = smooth(grid).clamp_min(0)
    parameters = {k: case[k] for k in ("image_layer", "text_layer", "seed", "contrasts")}
    return {"parameters": parameters, "map": digits(grid), "tokens": digits(tokens)}


if __name__ == "__main__":
    for number, case in enumerate(CASES):
        name = "golden-contrast.json" if number == 0 else "golden-contrast-other.json"
        text = {"model": "tiny-clip", "pixels": {"stream": case["pixels"], "half_width": 1.5}, "token_ids": case["ids"],
                "methods": {"m2ib_contrast": golden(case)}}
        (RESOURCES / f"attribution/{name}").write_text(json.dumps(text, indent=1) + "\n")
