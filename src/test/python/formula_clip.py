"""Hugging Face's CLIPModel with formula weights: tiny-clip, as org.m2ib.clip.FormulaWeights makes it."""

import json
import pathlib

import open_clip
import torch
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


def open_clip_model(clip):
    """The same weights as open_clip's CLIP, for packages that read its modules."""
    v, t = TINY["config"]["vision"], TINY["config"]["text"]
    vision = dict(image_size=v["image"], layers=v["layers"], width=v["width"], head_width=v["width"] // v["heads"], patch_size=v["patch"])
    text = dict(context_length=t["context"], vocab_size=t["vocab"], width=t["width"], heads=t["heads"], layers=t["layers"])
    same = open_clip.model.CLIP(embed_dim=TINY["config"]["projection"], vision_cfg=vision, text_cfg=text, quick_gelu=True)
    weights = clip.state_dict()
    named = {
        "visual.class_embedding": weights["vision_model.embeddings.class_embedding"],
        "visual.positional_embedding": weights["vision_model.embeddings.position_embedding.weight"],
        "visual.conv1.weight": weights["vision_model.embeddings.patch_embedding.weight"],
        "visual.proj": weights["visual_projection.weight"].T,
        "positional_embedding": weights["text_model.embeddings.position_embedding.weight"],
        "token_embedding.weight": weights["text_model.embeddings.token_embedding.weight"],
        "text_projection": weights["text_projection.weight"].T,
        "logit_scale": weights["logit_scale"],
    }
    for ours, theirs in {"visual.ln_pre": "vision_model.pre_layrnorm", "visual.ln_post": "vision_model.post_layernorm",
                         "ln_final": "text_model.final_layer_norm"}.items():
        for kind in ("weight", "bias"):
            named[f"{ours}.{kind}"] = weights[f"{theirs}.{kind}"]
    for ours, theirs, layers in (("visual.", "vision_model", v["layers"]), ("", "text_model", t["layers"])):
        for i in range(layers):
            block, layer = f"{ours}transformer.resblocks.{i}", f"{theirs}.encoder.layers.{i}"
            for kind in ("weight", "bias"):
                parts = [weights[f"{layer}.self_attn.{part}_proj.{kind}"] for part in "qkv"]
                named[f"{block}.attn.in_proj_{kind}"] = torch.cat(parts)
                for a, b in {"attn.out_proj": "self_attn.out_proj", "ln_1": "layer_norm1", "ln_2": "layer_norm2",
                             "mlp.c_fc": "mlp.fc1", "mlp.c_proj": "mlp.fc2"}.items():
                    named[f"{block}.{a}.{kind}"] = weights[f"{layer}.{b}.{kind}"]
    same.load_state_dict(named)
    return same.to(clip.dtype).eval()
