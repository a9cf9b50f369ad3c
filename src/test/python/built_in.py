"""What Hugging Face's transformers makes of the built-in model: the golden of BuiltInModelTest.

    pip install -r src/test/python/requirements.txt
    python src/test/python/built_in.py > src/test/resources/org/m2ib/clip/golden-built-in.json
"""

import json
import pathlib
import sys

import torch
from transformers import CLIPModel, PreTrainedTokenizerFast

FOLDER = pathlib.Path(__file__).parents[3] / "src/main/resources/org/m2ib/clip/builtin"
SENTENCES = [
    "There is a nodule in the left upper lung.",
    "Small right pleural effusion.",
    "No pneumothorax.",
    "Cardiomegaly, unheard of.",
]

model = CLIPModel.from_pretrained(FOLDER).eval()
tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(FOLDER / "tokenizer.json"))
size = model.config.vision_config.image_size
index = torch.arange(3 * size * size, dtype=torch.int64)
pixels = ((index * 7919) % 1009).to(torch.float32) / 504.5 - 1

with torch.no_grad():
    image = model.get_image_features(pixel_values=pixels.reshape(1, 3, size, size))[0]
    sentences = []
    for text in SENTENCES:
        ids = tokenizer(text)["input_ids"]
        embedding = model.get_text_features(input_ids=torch.tensor([ids]))[0]
        sentences.append({"text": text, "ids": ids, "embedding": [round(v, 7) for v in embedding.tolist()]})
json.dump({"image": [round(v, 7) for v in image.tolist()], "sentences": sentences}, fp=sys.stdout)
