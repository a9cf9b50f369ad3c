"""Weights, noise and pixels from formulas of names and indices, as org.m2ib.clip.FormulaWeights has them.

u(name, i) = top 53 bits of splitmix64(fnv1a(name) + i), over 2^53; i is the row-major index; uniform = 2 u - 1.

A tensor's value is, by the first line that fits its name in the published checkpoint:
    1 + 0.1 uniform     a vector ending in ".weight" (LayerNorm, BatchNorm), or "running_var"
    0.05 uniform        ending in "bias", or "running_mean"
    0.5 uniform         token_embedding, word_embeddings, class_embedding, cls_token, probe
    0.25 uniform        position_embedding, positional_embedding, pos_embed, token_type, relative_position_bias_table
    gain sqrt(3 / fan-in) uniform   any other: a matrix or a kernel. Fan-in is the product of all dimensions but the first,
                        or the first where the name ends in "proj" or "projection" (OpenAI's "visual.proj" and
                        "text_projection" are stored (in, out)); gain is 1.5 for q_proj, k_proj, query, key, qkv, in_proj
All are rounded to float32. Scalars (logit_scale of CLIP, num_batches_tracked) and whole numbers have no formula.

    python src/test/python/formula.py      writes golden-formula.json: the ends of one tensor for each kind of name in the goldens
"""

import json
import math
import pathlib
import re

import numpy as np
import torch

MASK = (1 << 64) - 1


class CounterStream:
    """u(i) = top 53 bits of splitmix64(fnv1a(name) + i), over 2^53."""

    def __init__(self, name):
        self.seed = 0xCBF29CE484222325
        for byte in name.encode():
            self.seed = ((self.seed ^ byte) * 0x100000001B3) & MASK

    def at(self, first, n):
        with np.errstate(over="ignore"):
            z = np.arange(first, first + n, dtype=np.uint64) + np.uint64(self.seed) + np.uint64(0x9E3779B97F4A7C15)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
        return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normal(name, *shape, step=0):
    """Box-Muller, float32, row-major: org.m2ib.attribution.Noise at that step."""
    n = math.prod(shape)
    r, a = CounterStream(name + "/r").at(step * n, n), CounterStream(name + "/a").at(step * n, n)
    z = np.sqrt(-2 * np.log(1 - r)) * np.cos(2 * math.pi * a)
    return torch.tensor(z.astype(np.float32)).reshape(shape)


def weight(name, shape):
    uniform = 2 * CounterStream(name).at(0, math.prod(shape)) - 1

    def has(*parts):
        return any(part in name for part in parts)

    if (name.endswith(".weight") and len(shape) == 1) or has("running_var"):
        values = 1 + 0.1 * uniform
    elif name.endswith("bias") or has("running_mean"):
        values = 0.05 * uniform
    elif has("token_embedding", "word_embeddings", "class_embedding", "cls_token", "probe"):
        values = 0.5 * uniform
    elif has("position_embedding", "positional_embedding", "pos_embed", "token_type", "relative_position_bias_table"):
        values = 0.25 * uniform
    else:
        gain = 1.5 if has("q_proj", "k_proj", "query", "key", "qkv", "in_proj") else 1.0
        fan_in = shape[0] if name.endswith(("proj", "projection")) else math.prod(shape[1:])
        values = gain * math.sqrt(3 / fan_in) * uniform
    return torch.tensor(values.astype(np.float32)).reshape(shape)


def pixels(stream, size, dtype=torch.float32):
    values = 1.5 * (2 * CounterStream(stream).at(0, 3 * size * size) - 1)
    return torch.tensor(values.astype(np.float32)).reshape(1, 3, size, size).to(dtype)


def ends_of_each_kind():
    clip = pathlib.Path(__file__).parents[1] / "resources/org/m2ib/clip"
    kinds = {}
    for file in sorted(clip.glob("golden-tiny-*.json")):
        for name, shape in json.loads(file.read_text())["tensors"].items():
            kinds.setdefault(re.sub(r"\.\d+", ".N", name), (name, shape))
    lines = []
    for name, shape in kinds.values():
        values = weight(name, shape).flatten()
        lines.append(f" {json.dumps(name)}: " + json.dumps(dict(shape=shape, first=values[0].item(), last=values[-1].item())))
    (clip / "golden-formula.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    ends_of_each_kind()
