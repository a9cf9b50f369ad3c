"""What transformers' image processors make of a picture by configurations as they are found, and by ones that are not run here.

    pip install -r src/test/python/requirements.txt
    python src/test/python/processor_variants.py

writes src/test/resources/imaging/processor-variants.json: of each configuration the pixels at every 7th row and column of every channel
of processors/150x215.png, or why the library would not take it. The processor is the slow one that AutoImageProcessor finds.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from transformers import AutoImageProcessor

IMAGING = Path("src/test/resources/imaging")
S = dict(shortest_edge=64)
HW = dict(height=64, width=64)
CLIP = dict(image_processor_type="CLIPImageProcessor", size=S, crop_size=HW)
SIGLIP = dict(image_processor_type="SiglipImageProcessor", size=HW)
VIT = dict(image_processor_type="ViTImageProcessor", size=HW)

VARIANTS = [
    CLIP,
    {**CLIP, "crop_size": 64},
    {**CLIP, "size": 64},
    {**CLIP, "size": HW},
    {**CLIP, "size": dict(height=48, width=80), "do_center_crop": False},
    {**CLIP, "do_center_crop": False},
    {**CLIP, "crop_size": dict(height=40, width=64)},
    {**CLIP, "crop_size": dict(shortest_edge=64)},
    {**CLIP, "resample": 2},
    {**CLIP, "resample": 0},
    {**CLIP, "resample": 1},
    {**CLIP, "resample": None},
    {**CLIP, "size": None},
    {**CLIP, "crop_size": None},
    {**CLIP, "image_mean": None, "image_std": None},
    {**CLIP, "image_mean": [0.5], "image_std": [0.5]},
    {**CLIP, "image_mean": 0.5, "image_std": 0.5},
    {**CLIP, "image_mean": [0.5, 0.5, 0.5, 0.5]},
    {**CLIP, "image_std": [0, 0, 0]},
    {**CLIP, "do_normalize": False},
    {**CLIP, "do_rescale": False},
    {**CLIP, "do_rescale": False, "do_normalize": False},
    {**CLIP, "rescale_factor": 1 / 127.5},
    {**CLIP, "rescale_factor": None},
    {**CLIP, "do_resize": False},
    {**CLIP, "do_resize": False, "do_center_crop": False},
    {**CLIP, "do_convert_rgb": False},
    {**CLIP, "do_resize": None, "do_normalize": None},
    {**CLIP, "default_to_square": True, "size": 64},
    {**CLIP, "size": dict(longest_edge=64)},
    {**CLIP, "size": dict(shortest_edge=64, longest_edge=80), "do_center_crop": False},
    {**CLIP, "crop_pct": 0.875},
    {**CLIP, "do_pad": True},
    {**CLIP, "do_grayscale": True},
    {**CLIP, "image_processor_type": "CLIPFeatureExtractor"},
    {"feature_extractor_type": "CLIPFeatureExtractor", "size": 64, "crop_size": 64},
    {**CLIP, "image_processor_type": "ChineseCLIPImageProcessor"},
    {"size": 64, "crop_size": 64},
    SIGLIP,
    {**SIGLIP, "resample": 2},
    {**SIGLIP, "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]},
    {**SIGLIP, "do_center_crop": True, "crop_size": dict(height=48, width=48)},
    {**SIGLIP, "size": 64},
    {**SIGLIP, "size": S},
    {**SIGLIP, "do_convert_rgb": None},
    VIT,
    {**VIT, "size": 64},
    {**VIT, "size": S},
    {**VIT, "do_center_crop": True, "crop_size": 48},
    {**VIT, "resample": 3},
    {"feature_extractor_type": "ViTFeatureExtractor", "size": 64},
    {**VIT, "image_processor_type": "DeiTImageProcessor", "crop_size": HW},
    dict(image_processor_type="BitImageProcessor", size=S, crop_size=HW),
    dict(image_processor_type="BlipImageProcessor", size=HW),
    dict(image_processor_type="ConvNextImageProcessor", size=S, crop_pct=0.875),
    dict(image_processor_type="ConvNextImageProcessor", size=S),
    dict(image_processor_type="EfficientNetImageProcessor", size=HW),
    dict(image_processor_type="LevitImageProcessor", size=S, crop_size=HW),
    dict(image_processor_type="MobileViTImageProcessor", size=S, crop_size=HW),
    dict(image_processor_type="PoolFormerImageProcessor", size=S, crop_size=HW),
    dict(image_processor_type="FlavaImageProcessor", size=HW, crop_size=HW),
    dict(image_processor_type="BridgeTowerImageProcessor", size=S),
]


def result(config, picture):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "preprocessor_config.json").write_text(json.dumps(config))
        if not {"image_processor_type", "feature_extractor_type"} & set(config):
            (Path(folder) / "config.json").write_text('{"model_type": "clip"}')
        try:
            processor = AutoImageProcessor.from_pretrained(folder, use_fast=False)
            pixels = processor(picture, return_tensors="np")["pixel_values"][0]
            assert np.isfinite(pixels).all() and pixels.shape[0] == 3, "no picture"
        except Exception as e:  # whatever the library says of it
            return dict(error=f"{type(e).__name__}: {str(e)[:80]}")
    return dict(shape=list(pixels.shape), values=[float(f"{x:.6g}") for x in pixels[:, ::7, ::7].flatten()])


if __name__ == "__main__":
    picture = Image.open(IMAGING / "processors/150x215.png").convert("RGB")
    lines = [json.dumps(dict(config=config, **result(config, picture))) for config in VARIANTS]
    (IMAGING / "processor-variants.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
    for line in map(json.loads, lines):
        print(line["config"], line.get("error") or line["shape"])
