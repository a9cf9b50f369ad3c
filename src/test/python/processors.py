"""What the libraries' own image processors make of two small pictures cut from the radiograph.

    pip install -r src/test/python/requirements.txt
    python src/test/python/processors.py

writes src/test/resources/imaging/processors: the two pictures, and what each processor makes of them at 64 x 64 before it scales and
normalises. The sizes leave an odd number of columns or rows to crop: transformers rounds half of it down, torchvision (OpenAI,
open_clip) to even. GLoRIA's code is on no registry: its steps are OpenCV's and torchvision's, made here smaller still,
since its mean over areas is for reductions.
"""

from pathlib import Path

import cv2
import numpy as np
from clip.clip import _transform as openai_transform
from medclip.dataset import MedCLIPFeatureExtractor
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image
from torchvision.transforms import CenterCrop
from transformers import CLIPImageProcessor, SiglipImageProcessor

IMAGING = Path("src/test/resources/imaging")
OUT = IMAGING / "processors"
SIZE = 64


def values(processor, image):
    return processor(image.convert("RGB"), do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0].transpose(1, 2, 0)


def clip(image):
    return values(CLIPImageProcessor(size=SIZE, crop_size=SIZE), image)


def siglip(image):
    return values(SiglipImageProcessor(size=dict(height=SIZE, width=SIZE), resample=3), image)


def openclip(image):
    transform = image_transform_v2(PreprocessCfg(size=SIZE, mean=(0, 0, 0), std=(1, 1, 1)), is_train=False)
    pixels = transform(image).numpy()
    normalised = openai_transform(SIZE)(image).numpy()  # has CLIP's mean and std within
    mean, std = (np.array(x)[:, None, None] for x in ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)))
    assert np.allclose(normalised * std + mean, pixels, atol=1e-5)
    return np.rint(255 * pixels).transpose(1, 2, 0)


def medclip(image):
    """The library pads to a square; its resizing no longer runs with this transformers, so that is CLIP's, of which it is a copy."""
    return clip(MedCLIPFeatureExtractor.pad_img(None, image, min_size=SIZE))


def gloria(image, edge=38, middle=24):
    """The mean over areas makes the longer edge `edge`, black fills up the square, an odd column or row of it behind the image."""
    pixels = np.asarray(image)
    rows, columns = (int(n * edge / max(pixels.shape)) for n in pixels.shape)
    pixels = cv2.resize(pixels, (columns, rows), interpolation=cv2.INTER_AREA)
    before = (edge - rows) // 2, (edge - columns) // 2
    square = np.pad(pixels, [(b, edge - n - b) for b, n in zip(before, pixels.shape)])
    return np.asarray(CenterCrop(middle)(Image.fromarray(square).convert("RGB")))


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    radiograph = Image.open(IMAGING / "RG1-clip-224.png")
    for rows, columns in (150, 215), (61, 41):
        picture = radiograph.crop((5, 30, 5 + columns, 30 + rows)).convert("L")
        picture.save(OUT / f"{rows}x{columns}.png")
        for processor in clip, siglip, openclip, medclip, gloria:
            made = processor(picture).astype(np.uint8)
            assert (made == made[..., :1]).all() and made.shape[0] == made.shape[1]
            Image.fromarray(made[..., 0]).save(OUT / f"{rows}x{columns}-{processor.__name__}.png")
