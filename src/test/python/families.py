"""Goldens of every family of models, by the library that published it, filled with the weights of formula.py.

    pip install -r src/test/python/requirements.txt
    python src/test/python/families.py NAME...               writes golden-NAME.json
    python src/test/python/families.py --against FILE...     says how far the library is from the golden in FILE

The towers are the library's own code: transformers (CLIP, SigLIP), open_clip with timm, OpenAI's clip, MedCLIP. GLoRIA's is on no
registry: torchvision's ResNet and transformers' BERT are put together here as its paper and code say. The bottleneck is a hook on the output of one of its modules, so the library's code runs before and behind it. M2IB is that of
arXiv 2312.17174 with its published defaults: alpha 5, beta 0.1, ten Adam steps of 1.0, ten samples of noise; the capacity is that
of the last step, summed over channels.

In a golden, `config` holds the sizes, `published` the configuration files beside the checkpoint, `tensors` the checkpoint's
names and shapes but for scalars. A grid tower's hidden state (B, C, H, W) is told as tokens (B, H W, C), row by row. SigLIP's `logit`
is what its sigmoid makes a probability of.
"""

import contextlib
import json
import math
import pathlib
import sys
import tempfile
from unittest import mock

import torch
import torch.nn.functional as F

from formula import normal, pixels, weight

RESOURCES = pathlib.Path(__file__).parents[1] / "resources/org/m2ib/clip"
SAMPLES, STEPS, BETA = 10, 10, 0.1


class Tokens:
    """How a module's output (B, T, D) is taken and put back."""

    def get(self, output):
        return output

    def put(self, output, z):
        return z


class First(Tokens):
    """The first of a tuple, as transformers' layers return it."""

    def get(self, output):
        return output[0]

    def put(self, output, z):
        return (z, *output[1:])


class TokensFirst(Tokens):
    """(T, B, D), as OpenAI's blocks have it."""

    def get(self, output):
        return output.transpose(0, 1)

    def put(self, output, z):
        return z.transpose(0, 1)


class Grid(Tokens):
    """(B, C, H, W)."""

    def get(self, output):
        return output.flatten(2).transpose(1, 2)

    def put(self, output, z):
        return z.transpose(1, 2).reshape(z.shape[0], *output.shape[1:])


class Tower:
    """embed: the whole tower, from its input (B, ...) to (B, E); stage: the module whose output is the hidden state."""

    def __init__(self, embed, stage, tokens, input):
        self.embed, self.stage, self.tokens, self.input = embed, stage, tokens, input

    def hidden(self):
        seen = []
        with self.hook(lambda h: seen.append(h.clone())), torch.no_grad():
            embedding = self.embed(self.input)
        return embedding, seen[0]

    def behind(self, z):
        with self.hook(lambda h: z):
            return self.embed(self.input.expand(z.shape[0], *self.input.shape[1:]))

    @contextlib.contextmanager
    def hook(self, replace):
        def hooked(module, arguments, output):
            z = replace(self.tokens.get(output))
            return None if z is None else self.tokens.put(output, z)

        handle = self.stage.register_forward_hook(hooked)
        try:
            yield
        finally:
            handle.remove()


def m2ib(tower, hidden, other, seed):
    """Capacity of each token at the last step; loss, mean capacity and fit of each step."""
    _, t, d = hidden.shape
    alpha = torch.full((1, t, d), 5.0, requires_grad=True)
    adam = torch.optim.Adam([alpha], lr=1.0)
    trace = []
    for step in range(STEPS):
        adam.zero_grad()
        keep = torch.sigmoid(alpha).expand(SAMPLES, t, d)
        mean, variance = hidden * keep, (1 - keep) ** 2
        capacity = -0.5 * (1 + torch.log(variance) - mean**2 - variance)
        z = mean + variance.sqrt() * normal(seed, SAMPLES, t, d, step=step)
        fit = F.cosine_similarity(tower.behind(z), other, eps=1e-6).mean()
        loss = BETA * capacity.mean() - fit
        loss.backward()
        adam.step()
        trace.append([loss.item(), capacity.mean().item(), fit.item()])
    return torch.nansum(capacity.mean(0), -1).detach(), trace


def nib(tower, hidden, other, steps=7):
    """The narrowing bottleneck (arXiv 2502.14889) of each token: the state is scaled up in steps, the gradients' mean times the state."""
    z = (torch.arange(1, steps + 1).view(-1, 1, 1) / steps * hidden).requires_grad_()
    gradient, = torch.autograd.grad(F.cosine_similarity(tower.behind(z), other).sum(), z)
    return (gradient.mean(0) * hidden[0]).sum(-1)


def filled(module, scalars=False):
    """Fills a module; the checkpoint's tensors: names and shapes of all that is neither a scalar (unless asked for) nor whole numbers."""
    tensors = {name: list(v.shape) for name, v in module.state_dict().items() if v.is_floating_point() and (scalars or v.dim() > 0)}
    module.load_state_dict({name: weight(name, shape) for name, shape in tensors.items()}, strict=False)
    module.eval().requires_grad_(False)
    return tensors


# ---- transformers


def hf_configuration(config):
    v, t = config["vision"], config["text"]
    both = dict(hidden_act=config["hidden_act"])
    vision = dict(hidden_size=v["width"], intermediate_size=4 * v["width"], num_hidden_layers=v["layers"],
                  num_attention_heads=v["heads"], image_size=v["image"], patch_size=v["patch"], **both)
    text = dict(hidden_size=t["width"], intermediate_size=4 * t["width"], num_hidden_layers=t["layers"],
                num_attention_heads=t["heads"], vocab_size=t["vocab"], max_position_embeddings=t["context"],
                **both)
    return dict(vision_config=vision, text_config=text)


def written_by_transformers(configuration):
    """config.json as transformers saves it: what is a default is left out."""
    return json.loads(configuration.to_json_string())


def clip(config, ids, image):
    from transformers import CLIPConfig, CLIPModel

    configuration = hf_configuration(config)
    configuration["text_config"]["eos_token_id"] = config["text"]["vocab"] - 1
    model = CLIPModel(CLIPConfig(projection_dim=config["projection"], **configuration))
    tensors = filled(model)
    layer = config["layer"]
    vision = Tower(lambda x: model.get_image_features(x), model.vision_model.encoder.layers[layer], First(), image)
    text = Tower(lambda x: model.get_text_features(x), model.text_model.encoder.layers[layer], First(), ids)
    return vision, text, tensors, {"config.json": written_by_transformers(model.config)}


def siglip(config, ids, image):
    from transformers import SiglipConfig, SiglipModel

    model = SiglipModel(SiglipConfig(**hf_configuration(config)))
    tensors = filled(model)
    layer, context = config["layer"], config["text"]["context"]
    padded = F.pad(ids, (0, context - ids.shape[1]), value=1)
    vision = Tower(lambda x: model.get_image_features(x), model.vision_model.encoder.layers[layer], First(), image)
    text = Tower(lambda x: model.get_text_features(x), model.text_model.encoder.layers[layer], First(), padded)
    logit = model(input_ids=padded, pixel_values=image).logits_per_image.item()
    return vision, text, tensors, {"config.json": written_by_transformers(model.config)}, logit


# ---- open_clip

CLIP_MEAN_STD = dict(mean=[0.48145466, 0.4578275, 0.40821073], std=[0.26862954, 0.26130258, 0.27577711])


def biomedclip(config, ids, image):
    """timm's ViT and transformers' BERT. A size that no timm name has gets a name here, which no one publishes."""
    import open_clip
    import timm
    from timm.models.vision_transformer import VisionTransformer

    v, t = config["vision"], config["text"]
    sizes = dict(patch_size=v["patch"], img_size=v["image"], embed_dim=v["width"], depth=v["layers"], num_heads=v["heads"])
    name = {768: "vit_base"}.get(v["width"], "vit_tiny") + f"_patch{v['patch']}_{v['image']}"
    if not timm.is_model(name):
        def create(pretrained=False, pretrained_cfg=None, pretrained_cfg_overlay=None, cache_dir=None, **kwargs):
            model = VisionTransformer(**sizes, **kwargs)
            model.default_cfg = {}
            return model

        create.__name__, create.__module__ = name, __name__
        timm.models.register_model(create)
    published = dict(
        model_cfg=dict(
            embed_dim=config["projection"],
            vision_cfg=dict(timm_model_name=name, timm_model_pretrained=False, timm_pool="", timm_proj="linear", image_size=v["image"]),
            text_cfg=dict(
                hf_model_name="microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract",
                hf_tokenizer_name="microsoft/BiomedNLP-BiomedBERT-base-uncased-abstract",
                hf_proj_type="mlp", hf_pooler_type="cls_last_hidden_state_pooler", context_length=t["context"],
            ),
        ),
        preprocess_cfg=CLIP_MEAN_STD,
    )
    bert = dict(model_type="bert", hidden_size=t["width"], intermediate_size=4 * t["width"], num_hidden_layers=t["layers"],
                num_attention_heads=t["heads"], vocab_size=t["vocab"], max_position_embeddings=t["positions"])
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "config.json").write_text(json.dumps(bert))
        model_cfg = json.loads(json.dumps(published["model_cfg"]))
        model_cfg["text_cfg"].update(hf_model_name=folder, hf_model_pretrained=False)
        model = open_clip.model.CustomTextCLIP(**model_cfg)
    assert model.visual.trunk.patch_embed.img_size == (v["image"],) * 2 and len(model.visual.trunk.blocks) == v["layers"]
    tensors = filled(model)
    layer = config["layer"]
    vision = Tower(model.encode_image, model.visual.trunk.blocks[layer], Tokens(), image)
    text = Tower(model.encode_text, model.text.transformer.encoder.layer[layer], First(), ids)
    return vision, text, tensors, {"open_clip_config.json": published}


def openclip_vit(config, ids, image):
    import open_clip

    v, t = config["vision"], config["text"]
    published = dict(
        model_cfg=dict(
            embed_dim=config["projection"],
            vision_cfg=dict(image_size=v["image"], layers=v["layers"], width=v["width"], head_width=v["width"] // v["heads"],
                            patch_size=v["patch"]),
            text_cfg=dict(context_length=t["context"], vocab_size=t["vocab"], width=t["width"], heads=t["heads"], layers=t["layers"]),
        ),
        preprocess_cfg=CLIP_MEAN_STD,
    )
    whole = open_clip.model.CLIP(**published["model_cfg"])
    tensors = filled(whole)

    def model_of(weights):
        model_cfg = json.loads(json.dumps(published["model_cfg"]))
        model_cfg["text_cfg"]["context_length"] = len(weights["positional_embedding"])
        model = open_clip.model.CLIP(**model_cfg)
        model.load_state_dict(weights)
        return model.eval().requires_grad_(False)

    return *openai_towers(whole, model_of, config, ids, image, Tokens()), tensors, {"open_clip_config.json": published}


def openclip_siglip(config, ids, image):
    """open_clip's SigLIP: timm's ViT with an attention pool. timm's published names, made at this size."""
    import open_clip
    import timm
    from timm.models.vision_transformer import VisionTransformer

    v, t, name = config["vision"], config["text"], config["timm"]
    activation = dict(act_layer="gelu_tanh") if config["hidden_act"] == "gelu_pytorch_tanh" else {}
    ratio = config.get("mlp_ratio", 4.0)

    def create(model_name, num_classes, global_pool, pretrained=False, **kwargs):
        assert model_name == name and not pretrained
        return VisionTransformer(img_size=v["image"], patch_size=v["patch"], embed_dim=v["width"], depth=v["layers"], mlp_ratio=ratio,
                                 num_heads=v["heads"], num_classes=num_classes, global_pool=global_pool, class_token=False, **activation)

    text = dict(context_length=t["context"], vocab_size=t["vocab"], hf_tokenizer_name="timm/ViT-B-16-SigLIP",
                tokenizer_kwargs=dict(clean="canonicalize"), width=t["width"], heads=t["heads"], layers=t["layers"], mlp_ratio=ratio,
                no_causal_mask=True, proj_bias=True, pool_type="last", norm_kwargs=dict(eps=1e-6))
    if activation:
        text["act_kwargs"] = dict(approximate="tanh")
    published = dict(
        model_cfg=dict(
            embed_dim=config["projection"], init_logit_bias=-10, custom_text=True,
            vision_cfg=dict(image_size=v["image"], timm_model_name=name, timm_model_pretrained=False, timm_pool="map", timm_proj="none"),
            text_cfg=text,
        ),
        preprocess_cfg=dict(size=[v["image"]] * 2, mode="RGB", mean=[0.5] * 3, std=[0.5] * 3, interpolation="bicubic", resize_mode="squash"),
    )
    model_cfg = json.loads(json.dumps(published["model_cfg"]))
    del model_cfg["custom_text"]  # says which class it is
    with mock.patch.object(timm, "create_model", create):
        model = open_clip.model.CustomTextCLIP(**model_cfg)
    tensors = filled(model, scalars=True)
    layer = config["layer"]
    padded = F.pad(ids, (0, t["context"] - ids.shape[1]), value=config["padding"])
    vision = Tower(model.encode_image, model.visual.trunk.blocks[layer], Tokens(), image)
    sentence = Tower(model.encode_text, model.text.transformer.resblocks[layer], Tokens(), padded)
    logit = model.get_logits(image, padded)[0].item()
    return vision, sentence, tensors, {"open_clip_config.json": published}, logit


# ---- OpenAI


def openai(config, ids, image):
    from clip.model import CLIP, build_model

    v, t = config["vision"], config["text"]
    grid = "stage" in config
    sizes = CLIP(config["projection"], v["image"], tuple(v["layers"]) if grid else v["layers"], v["width"], v.get("patch"),
                 t["context"], t["vocab"], t["width"], t["heads"], t["layers"])
    tensors = filled(sizes)

    def model_of(weights):
        model = build_model(dict(weights)).float()  # it tells the sizes by names and shapes, and rounds to half precision
        model.load_state_dict(weights)
        return model.requires_grad_(False)

    whole = model_of(sizes.state_dict())
    assert (whole.visual.attnpool.num_heads if grid else whole.visual.transformer.resblocks[0].attn.num_heads) == v["heads"]
    assert whole.transformer.resblocks[0].attn.num_heads == t["heads"]
    return *openai_towers(whole, model_of, config, ids, image, TokensFirst()), tensors, {}


def openai_towers(whole, model_of, config, ids, image, tokens):
    """This text code wants exactly `context` tokens. As nothing is seen behind the end, a context cut to the sentence is the same."""
    context, layer = config["text"]["context"], config["layer"]
    weights = dict(whole.state_dict())
    weights["positional_embedding"] = weights["positional_embedding"][: ids.shape[1]]
    short = model_of(weights)
    padded = F.pad(ids, (0, context - ids.shape[1]))
    torch.testing.assert_close(short.encode_text(ids), whole.encode_text(padded), atol=1e-5, rtol=1e-5)
    text = Tower(short.encode_text, short.transformer.resblocks[layer], tokens, ids)
    if "stage" in config:
        vision = Tower(whole.encode_image, getattr(whole.visual, config["stage"]), Grid(), image)
    else:
        vision = Tower(whole.encode_image, whole.visual.transformer.resblocks[layer], tokens, image)
    return vision, text


# ---- MedCLIP


def medclip(config, ids, image):
    """MedCLIP's own classes, given towers of any size instead of those they fetch."""
    import medclip.modeling_medclip as library
    from torchvision.models.resnet import Bottleneck, ResNet
    from transformers import BertConfig, BertModel, SwinConfig, SwinModel

    v, t = config["vision"], config["text"]
    bert = BertConfig(hidden_size=t["width"], intermediate_size=4 * t["width"], num_hidden_layers=t["layers"],
                      num_attention_heads=t["heads"], vocab_size=t["vocab"], max_position_embeddings=t["positions"],
                      output_hidden_states=True)
    swin = "window" in v
    if swin:
        from_hub = SwinModel(SwinConfig(image_size=v["image"], patch_size=v["patch"], embed_dim=v["width"], depths=v["layers"],
                                        num_heads=v["heads"], window_size=v["window"]))
        vision_class = library.MedCLIPVisionModelViT
    else:
        from_hub = ResNet(Bottleneck, v["layers"])
        vision_class = library.MedCLIPVisionModel
    with mock.patch.object(library, "AutoTokenizer"), \
            mock.patch.object(library.torchvision.models, "resnet50", return_value=from_hub), \
            mock.patch.object(library.AutoModel, "from_pretrained",
                              lambda name, **_: BertModel(bert) if name == library.constants.BERT_TYPE else from_hub):
        model = library.MedCLIPModel(vision_cls=vision_class)
    vision_model, text_model, out = model.vision_model, model.text_model, config["projection"]
    if swin:
        vision_model.projection_head = torch.nn.Linear(from_hub.num_features, out, bias=False)
    else:
        vision_model.model.fc = torch.nn.Linear(vision_model.model.fc.in_features, out, bias=False)
    text_model.projection_head = torch.nn.Linear(t["width"], out, bias=False)
    tensors = filled(model)
    if swin:
        blocks = [block for stage in vision_model.model.encoder.layers for block in stage.blocks]
        vision = Tower(vision_model, blocks[config["layer"]], First(), image)
    else:
        vision = Tower(vision_model, getattr(vision_model.model, config["stage"]), Grid(), image)
    text = Tower(lambda x: text_model(x, torch.ones_like(x)), text_model.model.encoder.layer[config["layer"]], First(), ids)
    return vision, text, tensors, {}


# ---- GLoRIA


class Gloria(torch.nn.Module):
    """Huang et al., ICCV 2021: the image is stretched to 299 x 299 before the ResNet; a sentence is the mean over words of the sum of
    the last four layers, a word the sum of its pieces."""

    PIECES = torch.tensor([13, 5])  # of the word before

    def __init__(self, resnet, channels, bert):
        super().__init__()
        resnet.fc = torch.nn.Identity()
        self.img_encoder, self.text_encoder = torch.nn.Module(), torch.nn.Module()
        self.img_encoder.model, self.text_encoder.model = resnet, bert
        local, whole = channels
        self.img_encoder.global_embedder = torch.nn.Linear(whole, bert.config.hidden_size)
        self.img_encoder.local_embedder = torch.nn.Conv2d(local, bert.config.hidden_size, 1, bias=False)  # of its local loss alone

    def image(self, x):
        x = F.interpolate(x, size=(299, 299), mode="bilinear", align_corners=True)
        return self.img_encoder.global_embedder(self.img_encoder.model(x))

    def text(self, ids):
        layers = torch.stack(self.text_encoder.model(ids).hidden_states[-4:], 1)  # (B, 4, T, D)
        word = torch.cumsum(~torch.isin(ids[0], self.PIECES), 0) - 1
        words = torch.zeros_like(layers).index_add(2, word, layers)  # what is left over stays 0, and counts in the mean
        return words.mean(2).sum(1)


def gloria(config, ids, image):
    from torchvision.models.resnet import Bottleneck, ResNet
    from transformers import BertConfig, BertModel

    t = config["text"]
    bert = BertConfig(hidden_size=t["width"], intermediate_size=4 * t["width"], num_hidden_layers=t["layers"],
                      num_attention_heads=t["heads"], vocab_size=t["vocab"], max_position_embeddings=t["positions"],
                      output_hidden_states=True)
    narrow = type("Narrow", (Bottleneck,), dict(expansion=1))
    resnet = ResNet(narrow, config["vision"]["layers"], width_per_group=32)
    model = Gloria(resnet, (256, 512), BertModel(bert))
    tensors = filled(model)
    vision = Tower(model.image, getattr(resnet, config["stage"]), Grid(), image)
    text = Tower(model.text, model.text_encoder.model.encoder.layer[config["layer"]], First(), ids)
    return vision, text, tensors, {}


# ---- goldens


def sizes(family, vision, text, projection, layer, **more):
    v = dict(zip(("width", "layers", "heads", "patch", "image"), vision))
    t = dict(zip(("width", "layers", "heads", "vocab", "context", "positions"), text))
    return dict(family=family, vision=v, text=t, projection=projection, layer=layer, **more)


def grid(family, vision, *others, **more):
    """`layers` holds the number of blocks in each stage; the bottleneck is behind the stage named, or block `layer` of all (Swin)."""
    return {**sizes(family, (), *others, **more), "vision": vision}


CONFIGS = {
    "tiny-clip-transformers": sizes("clip", (64, 4, 4, 8, 32), (48, 4, 4, 100, 16), 32, 2, hidden_act="gelu"),
    "tiny-siglip": sizes("siglip", (64, 4, 4, 8, 32), (64, 4, 4, 100, 16), 64, 2, hidden_act="gelu_pytorch_tanh"),
    "siglip-base-patch16-224": sizes("siglip", (768, 12, 12, 16, 224), (768, 12, 12, 32000, 64), 768, 9, hidden_act="gelu_pytorch_tanh"),
    "tiny-biomedclip": sizes("biomedclip", (128, 4, 2, 8, 32), (128, 4, 2, 100, 256, 512), 32, 2),
    "biomedclip-vit-base-patch16": sizes("biomedclip", (768, 12, 12, 16, 224), (768, 12, 12, 30522, 256, 512), 512, 9),
    "tiny-openclip-vit": sizes("openclip-vit", (64, 4, 4, 8, 32), (48, 4, 4, 100, 16), 32, 2),
    "tiny-openclip-siglip": sizes("openclip-siglip", (128, 4, 2, 8, 32), (128, 4, 2, 100, 16), 128, 2, hidden_act="gelu",
                                  timm="vit_base_patch16_siglip_224", padding=1),
    "tiny-openclip-siglip2": sizes("openclip-siglip", (144, 4, 2, 8, 32), (144, 4, 2, 100, 16), 144, 2, hidden_act="gelu_pytorch_tanh",
                                   timm="vit_so400m_patch16_siglip_256", mlp_ratio=3.7362, padding=0),
    "tiny-openai-vit": sizes("openai-vit", (128, 4, 2, 8, 32), (64, 4, 1, 100, 16), 32, 2),
    "openai-vit-base-patch32": sizes("openai-vit", (768, 12, 12, 32, 224), (512, 12, 8, 49408, 77), 512, 9),
    "tiny-openai-resnet": grid("openai-resnet", dict(width=8, layers=[1, 2, 2, 1], heads=4, image=96), (64, 4, 1, 100, 16), 32, 2,
                               stage="layer3"),
    "tiny-medclip-swin": grid("medclip-swin", dict(width=16, layers=[2, 2, 2], heads=[1, 2, 4], patch=4, image=64, window=4),
                              (64, 6, 4, 100, 77, 512), 32, 3),
    "tiny-medclip-resnet": grid("medclip-resnet", dict(width=64, layers=[1, 2, 2, 1], image=96), (64, 4, 4, 100, 77, 512), 32, 2,
                                stage="layer3"),
    "tiny-gloria": grid("gloria", dict(width=64, layers=[1, 2, 2, 1], image=224), (64, 6, 1, 100, 97, 512), 64, 3, stage="layer3"),
}
FAMILIES = {
    "clip": clip, "siglip": siglip, "biomedclip": biomedclip, "openclip-vit": openclip_vit, "openclip-siglip": openclip_siglip, "openai-vit": openai, "openai-resnet": openai,
    "medclip-swin": medclip, "medclip-resnet": medclip,
    "gloria": gloria,
}
BERT_IDS, CLIP_IDS = [2, 7, 42, 13, 5, 3], [-2, 7, 42, 13, 5, -1]  # negative: from the vocabulary's end
IDS = {"siglip": [7, 42, 13, 5, 1], "openclip-siglip": [7, 42, 13, 5, 1], "biomedclip": BERT_IDS, "medclip-swin": BERT_IDS, "medclip-resnet": BERT_IDS,
       "gloria": BERT_IDS}


SUMS_LAYERS = {"medclip-swin", "medclip-resnet", "gloria"}  # before the bottleneck too: a state there is not all of the sentence


def corners(capacity, config):
    """Of the map: capacity over the grid, resized to the image bilinearly, scaled to [0, 1]."""
    side, size = math.isqrt(len(capacity)), config["vision"]["image"]
    grid = capacity[-side * side :]  # without the class token, if there is one
    map = F.interpolate(grid.view(1, 1, side, side), size=size, mode="bilinear", align_corners=False)[0, 0]
    map = (map - map.min()) / (map.max() - map.min())
    return map[[0, 0, -1, -1], [0, -1, 0, -1]]


def golden(config):
    family = config["family"]
    ids = [i % config["text"]["vocab"] for i in IDS.get(family, CLIP_IDS)]
    image = pixels("pixels", config["vision"]["image"])
    vision, text, tensors, published, *logit = FAMILIES[family](config, torch.tensor([ids]), image)
    image_embedding, vision_hidden = vision.hidden()
    text_embedding, text_hidden = text.hidden()
    vision_capacity, vision_trace = m2ib(vision, vision_hidden, text_embedding, "noise/vision")
    text_capacity, text_trace = m2ib(text, text_hidden, image_embedding, "noise/text")
    made = dict(
        config=config, published=published, pixels_first8=digits(image.flatten()[:8]), token_ids=ids, tensors=tensors,
        image_embedding=digits(image_embedding), text_embedding=digits(text_embedding),
        cosine=F.cosine_similarity(image_embedding, text_embedding).item(), **({"logit": logit[0]} if logit else {}),
        vision_hidden_first8=digits(vision_hidden[0, 0, :8]), text_hidden_first8=digits(text_hidden[0, 0, :8]),
        vision_capacity=digits(vision_capacity), vision_trace=[digits(step) for step in vision_trace],
        vision_map_corners=digits(corners(vision_capacity, config)),
        text_capacity=digits(text_capacity), text_trace=[digits(step) for step in text_trace],
    )  # fmt: skip
    if family in SUMS_LAYERS:
        made["text_nib"] = digits(nib(text, text_hidden, image_embedding))
    return made


def digits(values):
    return [float(f"{float(x):.7g}") for x in torch.as_tensor(values).flatten()]


def written(golden):
    """One key a line, and one tensor a line."""
    lines = {key: json.dumps(value) for key, value in golden.items()}
    lines["tensors"] = "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in golden["tensors"].items()) + "\n }"
    return "{\n" + ",\n".join(f' "{key}": {line}' for key, line in lines.items()) + "\n}\n"


def against(file):
    expected = json.loads(pathlib.Path(file).read_text())
    config = expected["config"]
    if config["family"] == "clip":
        config.setdefault("hidden_act", "quick_gelu")
    if config["family"] == "siglip":
        config.setdefault("hidden_act", "gelu_pytorch_tanh")
    if config["family"] == "biomedclip":
        config["text"].setdefault("context", 256)
    actual = golden(config)
    ours, theirs = actual["tensors"], expected["tensors"]
    print(pathlib.Path(file).name, "| tensors only the library has:", sorted(k for k in ours if k not in theirs),
          "| only the file:", sorted(k for k in theirs if k not in ours),
          "| other shapes:", sorted(k for k in ours if k in theirs and ours[k] != theirs[k]))
    for key in expected:
        if key not in ("config", "published", "tensors"):
            a, e = (torch.tensor(x[key], dtype=torch.float64).flatten() for x in (actual, expected))
            print(f"  {key:22} greatest difference {(a - e).abs().max():.1e}, greatest value {e.abs().max():.3g}")


if __name__ == "__main__":
    names = sys.argv[1:]
    if names[:1] == ["--against"]:
        for file in names[1:]:
            against(file)
    else:
        for name in names or CONFIGS:
            (RESOURCES / f"golden-{name}.json").write_text(written(golden(CONFIGS[name])))
