"""Checkpoints as PyTorch and safetensors write them, and the values PyTorch reads from them.

    pip install -r src/test/python/requirements.txt
    python src/test/python/checkpoints.py     # writes src/test/resources/org/m2ib/clip/checkpoint

openai-archive.pt is OpenAI's own model, traced, in half precision, as OpenAI publishes its models; its weights are those of
formula.py. golden-openai-archive.json holds what OpenAI's clip.load makes of it. lightning.ckpt is written by Lightning's trainer.
"""

import collections
import json
import logging
import pathlib
import tempfile
import warnings
import zipfile

import clip
import pytorch_lightning as lightning
import torch
from clip.model import CLIP, convert_weights
from safetensors.torch import save_file

from formula import pixels, weight

OUT = pathlib.Path(__file__).parents[1] / "resources/org/m2ib/clip/checkpoint"
OUT.mkdir(exist_ok=True)
torch.manual_seed(6)


def values(*shape):
    return torch.randn(*shape)


def state_dict():
    base = values(4, 5)
    four = values(2, 3, 2, 2)
    return collections.OrderedDict(
        {
            "whole": base,
            "view": base[1:3, 2:],  # shares the storage of 'whole'
            "transposed": base.t(),
            "permuted": four.permute(2, 0, 3, 1),
            "every.other": base.flatten()[1::2],
            "half": values(3, 2).half(),
            "half.transposed": values(3, 2).half().t(),
            "bfloat": values(5).bfloat16(),
            "parameter": torch.nn.Parameter(values(2, 2)),
            "frozen": torch.nn.Parameter(values(2), requires_grad=False),
            "scalar": torch.tensor(4.6052),
            "double": values(2).double(),
            "position_ids": torch.arange(7).expand((1, -1)),
            "mask": torch.tensor([True, False]),
            "double.transposed": torch.arange(6).reshape(2, 3).double().div(7).t(),
            "expanded": torch.arange(3.0).reshape(3, 1, 1).expand(3, 2, 2),
            "expanded.scalar": torch.tensor(-0.25).expand(5),
        }
    )


def expected(tensors):
    return {
        name: {"shape": list(t.shape), "values": t.detach().float().flatten().tolist()}
        for name, t in tensors.items()
    }


class Block(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc = torch.nn.Linear(width, width)
        self.ln = torch.nn.LayerNorm(width)

    def forward(self, x):
        return self.ln(x + self.c_fc(x))


class Visual(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 4, 2, bias=False)
        self.resblocks = torch.nn.Sequential(Block(4), Block(4))
        self.bn = torch.nn.BatchNorm2d(4)
        self.sizes = [2, 3]
        self.about = {"a": torch.ones(1)}

    def forward(self, x):
        x = self.bn(self.conv1(x)).flatten(2).permute(2, 0, 1)
        return self.resblocks(x).mean() * self.about["a"] + 0.5 * self.sizes[0]


class Clip(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.visual = Visual()
        self.logit_scale = torch.nn.Parameter(torch.tensor(2.5))
        self.register_buffer("context_length", torch.tensor(77))

    def forward(self, x):
        return self.visual(x) * self.logit_scale.exp()


def save_script(module, file):
    """As torch.jit.save does, but for its notes of where on this machine each line of code lies."""
    module.save(str(file))
    with zipfile.ZipFile(file) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist() if not entry.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(file, "w") as archive:
        for entry, content in entries:
            archive.writestr(entry, content)  # stored or compressed as it was


class Training(lightning.LightningModule):
    """The model is an attribute, as it is in most people's."""

    def __init__(self, lr, name="tiny"):
        super().__init__()
        self.save_hyperparameters()
        self.net = Clip()

    def training_step(self, batch, _):
        loss = self.net(batch)
        self.log("loss", loss)
        return loss

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)
        return [optimizer], [torch.optim.lr_scheduler.MultiStepLR(optimizer, [2, 4])]

    def train_dataloader(self):
        return torch.utils.data.DataLoader(values(4, 1, 6, 6), batch_size=2)


def lightning_checkpoint(file):
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        trainer = lightning.Trainer(
            default_root_dir=folder, max_epochs=1, accelerator="cpu", callbacks=[lightning.callbacks.EarlyStopping("loss")],
            enable_checkpointing=False, enable_model_summary=False, enable_progress_bar=False, logger=False,
        )  # fmt: skip
        training = Training(lr=1e-3)
        trainer.fit(training)
        trainer.save_checkpoint(file)
    return training.net.state_dict()


def openai_archive(file):
    size, vocab, context = 16, 100, 16
    model = CLIP(32, size, 1, 64, 4, context, vocab, 64, 1, 1)
    named = {name: weight(name, list(t.shape)) for name, t in model.state_dict().items() if t.numel() > 1}
    model.load_state_dict(named, strict=False)
    convert_weights(model.eval().requires_grad_(False))
    for constant, number in dict(input_resolution=size, context_length=context, vocab_size=vocab).items():
        model.__dict__.pop(constant, None)
        model.register_buffer(constant, torch.tensor(number))  # OpenAI's archives have them among their tensors
    sentence = [vocab - 2, 7, 42, 13, 5, vocab - 1]
    ids = torch.tensor([sentence + [0] * (context - len(sentence))])
    image = pixels("pixels", size)
    save_script(torch.jit.trace_module(model, dict(encode_image=image.half(), encode_text=ids)), file)
    loaded, _ = clip.load(str(file), device="cpu")
    return dict(
        config=dict(family="openai-vit", vision=dict(image=size), text=dict(vocab=vocab, context=context)),
        token_ids=sentence,
        image_embedding=loaded.encode_image(image)[0].tolist(),
        text_embedding=loaded.encode_text(ids)[0].tolist(),
    )


plain = state_dict()
torch.save(plain, OUT / "state-dict.pt")
model = Clip().eval()
bare = model.state_dict()  # carries _metadata as its state
torch.save(
    {
        "epoch": 3,
        "note": b"bytes",
        "best": {"auc": 0.9, 7: (1, None, 2**70)},
        "sizes": torch.Size([1, 2]),
        "seen": {1, 2},
        "type": torch.float16,
        "state_dict": {"module." + name: t for name, t in bare.items()},
        "optimizer": {"state": {0: {"exp_avg": values(2)}}, "param_groups": [{"lr": 1e-4}]},
    },
    OUT / "training.pt",
)
for protocol in (3, 4, 5):
    torch.save(bare, OUT / f"protocol-{protocol}.pt", pickle_protocol=protocol)
torch.save({"a": values(2)}, OUT / "legacy.pt", _use_new_zipfile_serialization=False)
scripted = torch.jit.script(model.half())
save_script(scripted, OUT / "torchscript.pt")
save_file(
    {n: t.contiguous() for n, t in plain.items() if n not in ("view", "transposed")},
    OUT / "safetensors.safetensors",
)
trained = lightning_checkpoint(OUT / "lightning.ckpt")
golden = {
    "torch": torch.__version__,
    "state-dict.pt": expected(plain),
    "bare": expected(bare),
    "torchscript.pt": expected(scripted.state_dict()),
    "lightning.ckpt": expected(trained),
}
with (OUT / "expected.json").open("w") as file:
    json.dump(golden, file)
archive = openai_archive(OUT / "openai-archive.pt")
(OUT.parent / "golden-openai-archive.json").write_text(json.dumps(archive) + "\n")
