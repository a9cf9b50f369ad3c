"""Text confidence drop and increase as M2IB's published evaluation computes them, on goldens of models whose end token is the highest id.

    pip install -r src/test/python/requirements.txt
    python src/test/python/published_text.py

writes golden-published-text.json. Start and end token are left out of the sentence and of its scores; of the rest the tokens scored
above the median keep their id, the others get 0; the two similarities are those of the sentence so read. Scores are the golden's
text_capacity; the library's text code runs.
"""

import json

import numpy as np
import open_clip
import torch
import torch.nn.functional as F

from families import RESOURCES, digits, filled, pixels

MODEL = "tiny-openclip-vit"

if __name__ == "__main__":
    golden = json.loads((RESOURCES / f"golden-{MODEL}.json").read_text())
    model = open_clip.model.CLIP(**golden["published"]["open_clip_config.json"]["model_cfg"])
    filled(model)
    ids, scores = np.array(golden["token_ids"])[1:-1], np.array(golden["text_capacity"])[1:-1]
    kept = ids * (scores > np.percentile(scores, 50))
    context = golden["config"]["text"]["context"]
    image = model.encode_image(pixels("pixels", golden["config"]["vision"]["image"]))
    whole, reduced = (
        F.cosine_similarity(image, model.encode_text(F.pad(torch.tensor(i[None]), (0, context - len(i))))).item() for i in (ids, kept)
    )
    made = dict(model=MODEL, ids=ids.tolist(), kept=kept.tolist(), similarities=digits([whole, reduced]),
                drop=100 * max(0, whole - reduced), increase=100 if reduced > whole else 0)  # fmt: skip
    (RESOURCES / "golden-published-text.json").write_text(json.dumps(made) + "\n")
    print(made)
