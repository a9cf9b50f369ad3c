"""Hugging Face's CLIPModel with formula weights: tiny-clip, as org.m2ib.clip.FormulaWeights makes it."""

import json
import math
import pathlib

import numpy as np
import torch
from transformers import CLIPConfig, CLIPModel

RESOURCES = pathlib.Path(__file__).parents[1] / "resources/org/m2ib"
TINY = json.loads((RESOURCES / "clip/golden-tiny-clip.json").read_text())
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


def normal(name, *shape):
    """Box-Muller, float32, row-major from number 0: org.m2ib.attribution.Noise at step 0."""
    n = math.prod(shape)
    r, a = CounterStream(name + "/r").at(0, n), CounterStream(name + "/a").at(0, n)
    z = np.sqrt(-2 * np.log(1 - r)) * np.cos(2 * math.pi * a)
    return torch.tensor(z.astype(np.float32)).reshape(shape)


def weight(name, shape):
    uniform = 2 * CounterStream(name).at(0, math.prod(shape)) - 1
    if name.endswith(".weight") and len(shape) == 1:
        values = 1 + 0.1 * uniform
    elif name.endswith("bias"):
        values = 0.05 * uniform
    elif "token_embedding" in name or "class_embedding" in name:
        values = 0.5 * uniform
    elif "position_embedding" in name:
        values = 0.25 * uniform
    else:
        gain = 1.5 if "q_proj" in name or "k_proj" in name else 1.0
        values = gain * math.sqrt(3 / math.prod(shape[1:])) * uniform
    return torch.tensor(values.astype(np.float32)).reshape(shape)


def model(dtype):
    v, t = TINY["config"]["vision"], TINY["config"]["text"]
    both = dict(attn_implementation="eager", hidden_act="quick_gelu", layer_norm_eps=1e-5)
    vision = dict(hidden_size=v["width"], intermediate_size=4 * v["width"], num_hidden_layers=v["layers"],
                  num_attention_heads=v["heads"], image_size=v["image"], patch_size=v["patch"], **both)
    text = dict(hidden_size=t["width"], intermediate_size=4 * t["width"], num_hidden_layers=t["layers"],
                num_attention_heads=t["heads"], vocab_size=t["vocab"], max_position_embeddings=t["context"],
                eos_token_id=t["vocab"] - 1, **both)
    config = CLIPConfig(text_config=text, vision_config=vision, projection_dim=TINY["config"]["projection"],
                        attn_implementation="eager")
    clip = CLIPModel(config).eval().requires_grad_(False)
    weights = {name: weight(name, shape) for name, shape in TINY["tensors"].items()}
    missing, unexpected = clip.load_state_dict(weights, strict=False)
    assert not unexpected and set(missing) <= {"logit_scale"}, (missing, unexpected)
    return clip.to(dtype)


def pixels(stream, dtype):
    size = TINY["config"]["vision"]["image"]
    values = 1.5 * (2 * CounterStream(stream).at(0, 3 * size * size) - 1)
    return torch.tensor(values.astype(np.float32)).reshape(1, 3, size, size).to(dtype)
