"""What transformers makes of a picture larger than the model's, its position table resized: the golden of FamiliesTest.

    python src/test/python/resized.py > src/test/resources/org/m2ib/clip/golden-resized.json
"""

import json
import pathlib

import torch
from transformers import CLIPConfig, CLIPModel

from formula import CounterStream, weight

GOLDEN = pathlib.Path(__file__).parents[1] / "resources/org/m2ib/clip/golden-tiny-clip-transformers.json"
SIZE = 48

golden = json.loads(GOLDEN.read_text())
model = CLIPModel(CLIPConfig(**golden["published"]["config.json"])).eval()
tensors = model.state_dict()
for name in golden["tensors"]:
    tensors[name] = weight(name, golden["tensors"][name])
model.load_state_dict(tensors)
pixels = (2 * CounterStream("pixels").at(0, 3 * SIZE * SIZE) - 1) * 1.5
with torch.no_grad():
    image = model.get_image_features(
        torch.tensor(pixels.astype("float32")).reshape(1, 3, SIZE, SIZE), interpolate_pos_encoding=True
    )[0]
print(json.dumps({"image": SIZE, "image_embedding": [float(f"{x:.7g}") for x in image.tolist()]}))
