"""Hugging Face's CLIPModel with formula weights: tiny-clip, as org.m2ib.clip.FormulaWeights makes it."""

import json
import pathlib

from transformers import CLIPConfig, CLIPModel

from formula import weight

RESOURCES = pathlib.Path(__file__).parents[1] / "resources/org/m2ib"
TINY = json.loads((RESOURCES / "clip/golden-tiny-clip.json").read_text())


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
