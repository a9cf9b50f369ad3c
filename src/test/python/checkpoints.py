"""Checkpoints as PyTorch and safetensors write them, and the values PyTorch reads from them.

    pip install -r src/test/python/requirements.txt
    python src/test/python/checkpoints.py     # writes src/test/resources/org/m2ib/clip/checkpoint
"""

import collections
import json
import pathlib

import torch
from safetensors.torch import save_file

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
scripted.save(str(OUT / "torchscript.pt"))
save_file(
    {n: t.contiguous() for n, t in plain.items() if n not in ("view", "transposed")},
    OUT / "safetensors.safetensors",
)
golden = {
    "torch": torch.__version__,
    "state-dict.pt": expected(plain),
    "bare": expected(bare),
    "torchscript.pt": expected(scripted.state_dict()),
}
with (OUT / "expected.json").open("w") as file:
    json.dump(golden, file)
