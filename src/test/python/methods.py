"""The methods beside M2IB, computed with Hugging Face's CLIPModel in float64: goldens of the Java methods.

    pip install -r src/test/python/requirements.txt
    pip install --no-deps -r src/test/python/requirements-no-deps.txt
    python src/test/python/methods.py

writes golden-methods-tiny.json and golden-methods-tiny-other.json, after Captum and the authors' packages have confirmed what they also have.

Notation: s = cosine of image and text embedding; gradients are of s, the other side's embedding held. h_l (T, D) is the hidden state
behind layer l (from 0), h_-1 the embedding's output. P is the pooled token (image: class token, text: end token). In one layer: n its
first LayerNorm's output, q, k, v its projections of n with bias, A (heads, T, T) the attention after softmax, m the heads' A v side by
side before the output projection. A map is over the patch grid, token scores are of the sentence's own tokens. No scaling but where a
method's own formula has it.

Equation numbers of Grad-CAM, Chefer, rollout, RISE and KernelSHAP are given from memory, not checked against the papers. Of NIB (arXiv
2502.14889) and Grad-ECLIP (arXiv 2502.18816) the published code was read, not the papers' equations: no number is claimed.
"""

import json
import math
from unittest import mock

import captum.attr
import exclip.explanation
import legrad
import numpy as np
import torch
import torch.nn.functional as F
from captum._utils.models.linear_model import SkLearnLinearRegression

from formula import CounterStream, normal, pixels
from formula_clip import RESOURCES, TINY, model, open_clip_model

LAST = TINY["config"]["vision"]["layers"] - 1
assert TINY["config"]["text"]["layers"] - 1 == LAST


def cosine(a, b):
    return F.cosine_similarity(a, b, dim=-1)


class Side:
    """One tower with the other's embedding as its target."""

    def watch(self, layers):
        """Keeps n, q, k, v and m of every layer's last run, in the graph."""
        self.seen = {}
        for i, layer in enumerate(layers):
            for name, module in dict(n=layer.layer_norm1, q=layer.self_attn.q_proj, k=layer.self_attn.k_proj,
                                     v=layer.self_attn.v_proj).items():
                module.register_forward_hook(lambda _, __, out, key=(name, i): self.seen.__setitem__(key, out))
            layer.self_attn.out_proj.register_forward_pre_hook(
                lambda _, args, key=("m", i): self.seen.__setitem__(key, args[0]))

    def run(self, h, first, to):
        """Layers first..to on h."""
        attentions = []
        for layer in self.layers[first : to + 1]:
            h, a = layer(h, None, self.causal(h), output_attentions=True)
            attentions.append(a)
        return h, attentions

    def hidden(self, layer):
        return self.run(self.embedded, 0, layer)[0]

    def similarity(self, h, layer):
        """s from h behind a layer: (B, T, D) to (B)."""
        return cosine(self.pool(self.run(h, layer + 1, LAST)[0]), self.target)

    def traced(self):
        """s and all attentions, with a graph from h_-1 on."""
        h, attentions = self.run(self.embedded.clone().requires_grad_(), 0, LAST)
        return cosine(self.pool(h), self.target)[0], attentions


class Image(Side):
    pooled = 0

    def __init__(self, clip, x):
        self.clip, self.x, self.layers = clip, x, clip.vision_model.encoder.layers
        self.embedded = clip.vision_model.pre_layrnorm(clip.vision_model.embeddings(x))
        self.patch = clip.config.vision_config.patch_size
        self.grid = x.shape[-1] // self.patch
        self.own = slice(1, None)
        self.watch(self.layers)

    def causal(self, h):
        return None

    def pool(self, h):
        return self.clip.visual_projection(self.clip.vision_model.post_layernorm(h[:, 0]))

    def embedding(self, x):
        return self.clip.get_image_features(pixel_values=x)

    def of(self, x):
        """s of pictures, (B, 3, S, S) to (B)."""
        return cosine(self.embedding(x), self.target)

    def shape(self, patches):
        return patches.reshape(self.grid, self.grid)

    def patch_mean(self, over_pixels):
        """(S, S) to the grid."""
        return F.avg_pool2d(over_pixels[None, None], self.patch)[0, 0]

    @property
    def players(self):
        return self.grid**2

    def game(self, present):
        """v of coalitions (B, N), 0 or 1: an absent patch's pixels are 0, the normalised mean."""
        values = []
        for z in torch.as_tensor(present, dtype=self.x.dtype).split(2048):
            mask = z.reshape(-1, 1, self.grid, self.grid)
            mask = mask.repeat_interleave(self.patch, 2).repeat_interleave(self.patch, 3)
            values.append(self.of(self.x * mask))
        return torch.cat(values).double().numpy()


class Text(Side):
    def __init__(self, clip, ids):
        self.clip, self.ids, self.layers = clip, ids, clip.text_model.encoder.layers
        self.embedded = clip.text_model.embeddings(torch.tensor([ids]))
        self.pooled = len(ids) - 1
        self.known = {}
        self.own = slice(1, -1)
        self.watch(self.layers)

    def causal(self, h):
        b, t, _ = h.shape
        return torch.full((b, 1, t, t), float("-inf"), dtype=h.dtype).triu(1)

    def pool(self, h):
        return self.clip.text_projection(self.clip.text_model.final_layer_norm(h)[:, self.pooled])

    def embedding(self, ids):
        return self.clip.get_text_features(input_ids=torch.tensor([ids]))

    def shape(self, tokens):
        return tokens

    @property
    def players(self):
        return len(self.ids) - 2

    def game(self, present):
        """v of coalitions (B, own tokens): an absent token is left out, those behind it move up."""
        sentences = [self.ids[:1] + [i for i, z in zip(self.ids[1:-1], row) if z > 0.5] + self.ids[-1:] for row in present]
        for s in map(tuple, sentences):
            if s not in self.known:
                self.known[s] = cosine(self.embedding(list(s)), self.target).item()
        return np.array([self.known[tuple(s)] for s in sentences])


# ---- gradients at a hidden state


def nib(side, layer, steps):
    """Narrowing bottleneck (arXiv 2502.14889, published code): h narrowed to lambda h without noise, lambda = 1/n .. 1;
    score = sum over channels of h * mean of ds/d(lambda h). It is integrated gradients of h from 0, right Riemann sum. Its
    `target_layer` is the layer that h enters, so 9 there is 8 here. Behind the last layer but one all scores of patches are about 0:
    they go on only through a LayerNorm, which takes the scale out."""
    h = side.hidden(layer)
    total = torch.zeros_like(h)
    for i in range(1, steps + 1):
        narrowed = (h * i / steps).requires_grad_()
        total += torch.autograd.grad(side.similarity(narrowed, layer).sum(), narrowed)[0]
    score = (h * total / steps).sum(-1)[0]
    ig = captum.attr.IntegratedGradients(lambda z: side.similarity(z, layer))
    close(score, ig.attribute(h, n_steps=steps, method="riemann_right").sum(-1)[0])
    return side.shape(score[side.own])


def grad_cam(side, layer, pooled=True):
    """Grad-CAM (Selvaraju 2017, Eq. 1 and 2) on h_layer: ReLU(sum_c alpha_c h_c), alpha the gradient's mean over patches. The last
    layer's output has no gradient at patches (the class token alone is pooled), so layer is below the last. pooled=False: gradient
    times activation element by element, as the published evaluations of M2IB and NIB take it; behind the last layer but one it is about
    0 for the reason given at nib."""
    h = side.hidden(layer).requires_grad_()
    g = torch.autograd.grad(side.similarity(h, layer).sum(), h)[0]
    if isinstance(side, Image):
        product = captum.attr.LayerGradientXActivation(side.of, side.layers[layer]).attribute(side.x.clone().requires_grad_())
        close(h * g, product[0] if isinstance(product, tuple) else product)
    return cam(side, h.detach(), g, pooled)


def grad_cam_norm(side):
    """Grad-CAM on n of the last layer, the place that pytorch-grad-cam's guide names for a vision transformer."""
    s, _ = side.traced()
    n = side.seen["n", LAST]
    return cam(side, n.detach(), torch.autograd.grad(s, n)[0], True)


def cam(side, activation, gradient, pooled):
    a, g = activation[0, side.own], gradient[0, side.own]
    return side.shape(((g.mean(0) if pooled else g) * a).sum(-1).relu())


# ---- attention


def grad_eclip(side, layers):
    """Grad-ECLIP (arXiv 2502.18816, published code): in each of the last `layers` layers, w_c = ds/dm[P, c] and lam_p = cosine(q[P], k[p])
    scaled to [0, 1] by minimum and maximum over patches (text: over all tokens); score_p = ReLU of the sum over layers and channels
    of w_c lam_p v[p, c]. The published code runs those layers with one head; here the model stays as it is, with all its heads."""
    s, _ = side.traced()
    seen = dict(side.seen)
    scope = side.own if isinstance(side, Image) else slice(None)
    score = 0
    for i in range(LAST + 1 - layers, LAST + 1):
        q, k, v = (seen[name, i].detach()[0] for name in "qkv")
        w = torch.autograd.grad(s, seen["m", i], retain_graph=True)[0][0, side.pooled]
        lam = cosine(q[side.pooled], k[scope])
        lam = (lam - lam.min()) / (lam.max() - lam.min())
        score = score + (w * v[scope] * lam[:, None]).sum(-1)
    score = score.relu()
    return side.shape(score if scope == side.own else score[side.own])


def chefer(side, start):
    """Chefer, Gur, Wolf (ICCV 2021, Eq. 5 and 6): R = I, then R += mean over heads of max(A * ds/dA, 0) times R, from layer `start`
    to the last; row P."""
    s, attentions = side.traced()
    gradients = torch.autograd.grad(s, attentions)
    r = torch.eye(attentions[0].shape[-1], dtype=s.dtype)
    for a, g in list(zip(attentions, gradients))[start:]:
        r = r + (a.detach() * g)[0].clamp(min=0).mean(0) @ r
    return side.shape(r[side.pooled, side.own])


def legrad_map(side, layers):
    """LeGrad (arXiv 2404.03214; published code): s_l of the mean over tokens of layer l's output, read as if pooled; ReLU of its gradient by
    the layer's own attention, mean over heads and queries, mean over the last `layers` layers. The authors' package agrees."""
    score = 0
    for layer in range(LAST + 1 - layers, LAST + 1):
        h, (a,) = side.run(side.hidden(layer - 1).clone().requires_grad_(), layer, layer)
        s = cosine(side.pool(h.mean(1, keepdim=True)), side.target).sum()
        score = score + torch.autograd.grad(s, a)[0].clamp(min=0).mean((0, 1, 2)) / layers
    score = side.shape(score[side.own].detach())
    theirs = open_clip_model(side.clip)
    for block in theirs.visual.transformer.resblocks:
        block.attn.batch_first = False  # as in open_clip 2.23 and before, which the package asks for
    theirs = legrad.LeWrapper(theirs, layer_index=-layers).compute_legrad(F.normalize(side.target, dim=-1), side.x)
    large = F.interpolate(score[None, None], scale_factor=side.patch, mode="bilinear")
    close((large - large.min()) / (large.max() - large.min()), theirs)
    return score


def clip_surgery(side, layers, empty):
    """CLIP Surgery (arXiv 2304.05653, published code for a single text): beside the last `layers` layers a second path, which attends by
    softmax(v v' / sqrt(K)) and has no MLP; at its end the class token is the original path's. Tokens are normalised and projected, each
    channel divided by its norm over the tokens (so in that code); times the sentence's unit embedding less the empty sentence's."""
    path = h = side.hidden(LAST - layers)
    for layer in side.layers[LAST + 1 - layers :]:
        v = layer.self_attn.v_proj(layer.layer_norm1(h))
        v = v.unflatten(-1, (layer.self_attn.num_heads, -1)).transpose(1, 2)
        mixed = F.scaled_dot_product_attention(v, v, v).transpose(1, 2).flatten(2)
        path = path + layer.self_attn.out_proj(mixed)
        h = layer(h, None, None)[0]
    path = torch.cat([h[:, :1], path[:, 1:]], 1)
    features = side.clip.visual_projection(side.clip.vision_model.post_layernorm(path))
    nothing = side.clip.get_text_features(input_ids=torch.tensor([empty]))
    score = F.normalize(features, dim=1) @ (F.normalize(side.target, dim=-1) - F.normalize(nothing, dim=-1)).T
    return side.shape(score[0, side.own, 0].detach())


def rollout(side):
    """Abnar, Zuidema (2020, Eq. 1): the product of (mean over heads of A + I) / 2, later layers on the left; row P. The other side has
    no part in it."""
    r = torch.eye(side.embedded.shape[1], dtype=side.embedded.dtype)
    for a in side.run(side.embedded, 0, LAST)[1]:
        r = 0.5 * (a[0].mean(0) + torch.eye(len(r), dtype=r.dtype)) @ r
    return side.shape(r[side.pooled, side.own])


# ---- gradients at the input


def inputs(side):
    """What a gradient is taken at, and s from it: pixels, or the text's h_-1."""
    return (side.x, side.of) if isinstance(side, Image) else (side.embedded, lambda h: side.similarity(h, -1))


def collapsed(side, gradient):
    """Image: maximum of the absolute values over channels, mean over each patch. Text: Euclidean norm over channels."""
    if isinstance(side, Image):
        return side.patch_mean(gradient.abs().amax(1)[0])
    return gradient.norm(dim=-1)[0, side.own]


def saliency(side):
    """Simonyan (2013, section 3): the absolute gradient at the input, collapsed."""
    x, s = inputs(side)
    at = x.clone().requires_grad_()
    g = torch.autograd.grad(s(at).sum(), at)[0]
    close(g, captum.attr.Saliency(s).attribute(x.clone().requires_grad_(), abs=False))
    return collapsed(side, g)


def smooth_grad(side, samples, share, seed):
    """SmoothGrad (Smilkov 2017): the signed gradient's mean over noisy inputs, then collapsed as saliency. The noise's standard
    deviation is `share` of the input's range (text: of the range of h_-1)."""
    x, s = inputs(side)
    sigma = share * (x.max() - x.min())
    z = normal(stream(side, seed), samples, *x.shape[1:]).to(x.dtype)
    at = (x + sigma * z).requires_grad_()
    g = torch.autograd.grad(s(at).sum(), at)[0].mean(0, keepdim=True)
    with mock.patch("torch.normal", lambda mean, std: mean + std * z):
        tunnel = captum.attr.NoiseTunnel(captum.attr.Saliency(s))
        close(g, tunnel.attribute(x, nt_samples=samples, stdevs=sigma.item(), abs=False))
    return collapsed(side, g)


def stream(side, seed):
    return seed + ("/vision" if isinstance(side, Image) else "/text")


# ---- perturbation


def rise(image, masks, cells, keep, seed):
    """RISE (Petsiuk 2018, Eq. 6): sum of s(x * M) M over (keep * masks), mean over each patch. Masks: `cells` x `cells` zeros and
    ones, bilinear (half-pixel centres, edges held) to (cells + 1) C with C = ceil(S / cells), cut at a shift below C. Mask i reads numbers
    i (cells^2 + 2) and on of its stream: cells row-major, 1 where u < keep; then the shift down and right, floor(u C)."""
    size, n = image.x.shape[-1], cells * cells
    c = -(-size // cells)
    u = CounterStream(stream(image, seed)).at(0, masks * (n + 2)).reshape(masks, n + 2)
    ones = torch.tensor((u[:, :n] < keep).astype(float)).reshape(masks, 1, cells, cells)
    large = F.interpolate(ones, size=((cells + 1) * c,) * 2, mode="bilinear", align_corners=False)
    down, right = (np.floor(u[:, n + i] * c).astype(int) for i in (0, 1))
    m = torch.stack([large[i, :, y : y + size, x : x + size] for i, (y, x) in enumerate(zip(down, right))]).to(image.x.dtype)
    s = image.of(image.x * m)
    return image.patch_mean((s[:, None, None] * m[:, 0]).sum(0) / (keep * masks))


def occlusion(side):
    """Zeiler, Fergus (2014): s less s without one patch (its pixels 0) or without one token (left out)."""
    n = side.players
    v = side.game(np.vstack([np.ones(n), 1 - np.eye(n)]))
    score = torch.tensor(v[0] - v[1:])
    if isinstance(side, Image):
        window = (3, side.patch, side.patch)
        expected = captum.attr.Occlusion(side.of).attribute(side.x, window, strides=window)[0, 0, :: side.patch, :: side.patch].flatten()
    else:
        expected = captum.attr.FeatureAblation(lambda z: torch.tensor(side.game(z.numpy()))).attribute(torch.ones(1, n))[0]
    close(score, expected)
    return side.shape(score)


def kernel(m, k):
    """Shapley kernel (Lundberg, Lee 2017, Theorem 2) of one coalition of k among m."""
    return (m - 1) / (math.comb(m, k) * k * (m - k))


def coalitions(m, samples, name):
    """Coalitions and weights. All of them with the kernel's weight, where there are at most `samples`; else samples / 2 pairs of equal
    weight. Pair j reads numbers j (m + 1) and on: the first picks the size k, with probability in proportion to (m - 1) / (k (m - k));
    present are the k players with the smallest of the next m; then the complement."""
    if 2**m - 2 <= samples:
        z = subsets(m)[1:-1]
        return z, np.array([kernel(m, int(k)) for k in z.sum(1)])
    sizes = np.array([(m - 1) / (k * (m - k)) for k in range(1, m)])
    cumulative = np.cumsum(sizes / sizes.sum())
    rows = []
    for u in CounterStream(name).at(0, samples // 2 * (m + 1)).reshape(-1, m + 1):
        k = 1 + min(int((u[0] >= cumulative).sum()), m - 2)
        z = np.zeros(m)
        z[np.argsort(u[1:], kind="stable")[:k]] = 1
        rows += [z, 1 - z]
    return np.array(rows), np.ones(len(rows))


def kernel_shap(side, samples, seed):
    """KernelSHAP (Lundberg, Lee 2017): weighted least squares of v(z) - v(nothing) on z with the scores' sum held at v(all) - v(nothing),
    in the closed form of Covert, Lee (2021) with a Lagrange multiplier."""
    m = side.players
    z, w = coalitions(m, samples, stream(side, seed))
    nothing, everything = side.game(np.vstack([np.zeros(m), np.ones(m)]))
    y = side.game(z) - nothing
    inverse = np.linalg.inv(z.T @ (w[:, None] * z) / w.sum())
    b = z.T @ (w * y) / w.sum()
    phi = inverse @ (b - (inverse.sum(0) @ b - (everything - nothing)) / inverse.sum())
    close(phi, lime(z, w, y, everything - nothing), 1e-4)
    return side.shape(torch.tensor(phi))


def lime(z, w, y, total):
    """The same regression by Captum, which holds the sum by two very heavy samples."""
    m = z.shape[1]
    rows = torch.tensor(np.vstack([z, np.zeros(m), np.ones(m)]))
    weights = iter(np.append(w / w.mean(), [1e7, 1e7]))
    value = {tuple(r): v for r, v in zip(rows.tolist(), [*y, 0.0, total])}

    def perturb(_, **__):
        yield from rows[:, None]

    fitted = captum.attr.LimeBase(
        lambda r: torch.tensor([value[tuple(r[0].tolist())]]), SkLearnLinearRegression(),
        similarity_func=lambda *_, **__: torch.tensor([next(weights)]), perturb_func=perturb, perturb_interpretable_space=False,
        from_interp_rep_transform=None, to_interp_rep_transform=lambda r, *_, **__: r)
    return fitted.attribute(torch.ones(1, m, dtype=torch.float64), n_samples=len(rows))[0]


def subsets(m):
    """All coalitions, the number's bit i being player i."""
    return (np.arange(2**m)[:, None] >> np.arange(m) & 1).astype(float)


def shapley(side):
    """Shapley values by their definition, over all coalitions; Captum's and the whole regression agree."""
    m = side.players
    z = subsets(m)
    v = side.game(z)
    size = z.sum(1).astype(int)
    share = np.array([math.factorial(k) * math.factorial(m - k - 1) / math.factorial(m) for k in range(m)])
    number = np.arange(2**m)
    phi = np.array([(share[size[without]] * (v[without | 1 << i] - v[without])).sum()
                    for i in range(m) for without in [number[number >> i & 1 == 0]]])
    w = np.array([kernel(m, k) if 0 < k < m else 1e9 for k in size])
    root = np.sqrt(w)
    close(phi, np.linalg.lstsq(root[:, None] * z, root * (v - v[0]), rcond=None)[0], 1e-4)
    if m <= 6:  # Captum goes through all orders
        game = captum.attr.ShapleyValues(lambda r: torch.tensor(side.game(r.numpy())))
        close(phi, game.attribute(torch.ones(1, m))[0], 1e-5)  # Captum adds up in float32
    return side.shape(torch.tensor(phi))


# ---- pairs of a token and a patch


def second_order(image, text, layer, steps=10):
    """exCLIP (arXiv 2408.14153, Eq. 9 and 10; published code): c_i = J_i (x_i - r_i), J the mean of de/dh over r + (n/steps) (x - r);
    c_i(text) c_j(image) over both embeddings' lengths. x is the state behind a layer (there: the input of the next); r that of pixels of 0,
    and of the sentence with its own ids 0. The authors' package agrees, given that sentence as its reference."""
    nothing = text.ids[:1] + [0] * (len(text.ids) - 2) + text.ids[-1:]
    sides = ((text, Text(text.clip, nothing)), (image, Image(image.clip, torch.zeros_like(image.x))))
    added, ends, lengths = [], [], 1
    for side, reference in sides:
        x, r = side.hidden(layer), reference.hidden(layer)
        path = (r + (x - r) * torch.arange(1, steps + 1).view(-1, 1, 1) / steps).requires_grad_()
        e = side.pool(side.run(path, layer + 1, LAST)[0])
        jacobian = torch.stack([torch.autograd.grad(e[:, d].sum(), path, retain_graph=True)[0].mean(0) for d in range(e.shape[1])])
        added.append((jacobian * (x - r)).sum(-1))  # (E, T)
        both = [s.pool(s.run(h, layer + 1, LAST)[0])[0] for s, h in ((side, x), (reference, r))]
        ends.append(both[0] - both[1])
        lengths = lengths * both[0].norm()
    pairs = added[0].T @ added[1] / lengths
    print("  all pairs add up to", f"{pairs.sum().item():.4g}", "of", f"{(ends[0] @ ends[1] / lengths).item():.4g}")
    pairs = pairs[1:-1, 1:].reshape(-1, image.grid, image.grid)

    padded = lambda ids: F.pad(torch.tensor([ids]), (0, TINY["config"]["text"]["context"] - len(ids)))
    theirs = exclip.explanation.OpenClipExplainer(open_clip_model(image.clip), image_dim=image.x.shape[-1], device=torch.device("cpu"))
    theirs.txt_ref, theirs.img_ref = padded(nothing), theirs.img_ref.to(image.x.dtype)
    expected = theirs.explain(padded(text.ids), image.x, text_layer=layer + 1, image_layer=layer + 1, N=steps)
    print("  second order differs from exclip by", (pairs - expected[1:-1]).abs().max().item(), "of", pairs.abs().max().item())
    close(pairs, expected[1:-1], 1e-5)
    return {"layer": layer, "steps": steps, "pairs": digits(pairs.detach())}


# ---- floors


def random(side, seed):
    """Number p of the stream for patch p; for a token the number of its position in the sequence."""
    n = side.embedded.shape[1]
    u = torch.tensor(CounterStream(stream(side, seed)).at(0, n))
    return side.shape(u[: n - 1] if isinstance(side, Image) else u[side.own])


def centre(image):
    """Less the distance from the middle, in shares of the grid's height and width."""
    at = (torch.arange(image.grid, dtype=torch.float64) + 0.5) / image.grid - 0.5
    return -(at[:, None] ** 2 + at[None] ** 2).sqrt()


# ---- goldens


def close(actual, expected, tolerance=1e-6):
    a, e = (torch.as_tensor(x).detach().double().flatten() for x in (actual, expected))
    if torch.get_default_dtype() == torch.float32:
        tolerance = 1e-2
    assert (a - e).abs().max() <= tolerance * e.abs().max(), (a, e)


def sides(stream_name, ids, dtype):
    torch.set_default_dtype(dtype)  # transformers makes its causal mask in the default type
    clip = model(dtype)
    image = Image(clip, pixels(stream_name, TINY["config"]["vision"]["image"], dtype))
    text = Text(clip, ids)
    image.target, text.target = text.embedding(ids), image.embedding(image.x)
    s = image.of(image.x)
    for side in (image, text):
        close(side.similarity(side.hidden(1), 1), s)
    return image, text, s.item()


TINY_CASE = dict(
    pixels="pixels", ids=[98, 7, 42, 13, 5, 99], interactions_layer=LAST - 1,
    nib=dict(layer=1, steps=10), grad_cam=dict(layer=2), grad_cam_unpooled=dict(layer=0),
    grad_eclip=dict(image_layers=1, text_layers=3), chefer=dict(start=0), legrad=dict(layers=2), clip_surgery=dict(layers=2, empty=[98, 99]), smooth_grad=dict(samples=8, share=0.15, seed="noise"),
    rise=dict(masks=200, cells=4, keep=0.5, seed="noise"), kernel_shap=dict(samples=400, seed="noise"), random=dict(seed="noise"))
OTHER_CASE = dict(
    pixels="pixels/other", ids=[98, 61, 3, 77, 20, 8, 34, 99], interactions_layer=0,
    nib=dict(layer=0, steps=7), grad_cam=dict(layer=1), grad_cam_unpooled=dict(layer=1),
    grad_eclip=dict(image_layers=1, text_layers=2), chefer=dict(start=2), legrad=dict(layers=3), clip_surgery=dict(layers=3, empty=[98, 99]), smooth_grad=dict(samples=5, share=0.1, seed="other"),
    rise=dict(masks=150, cells=5, keep=0.3, seed="other"), kernel_shap=dict(samples=50, seed="other"), random=dict(seed="other"))


def compute(case, dtype=torch.float64):
    image, text, s = sides(case["pixels"], case["ids"], dtype)
    p = {k: v for k, v in case.items() if isinstance(v, dict)}
    unpooled = dict(p["grad_cam_unpooled"], pooled=False)
    eclip = p["grad_eclip"]
    both = lambda method, **parameters: (method(image, **parameters), method(text, **parameters))
    maps = {
        "nib": both(nib, **p["nib"]),
        "grad_eclip": (grad_eclip(image, eclip["image_layers"]), grad_eclip(text, eclip["text_layers"])),
        "grad_cam": (grad_cam(image, **p["grad_cam"]), None),
        "grad_cam_norm": (grad_cam_norm(image), None),
        "grad_cam_unpooled": both(grad_cam, **unpooled),
        "chefer": both(chefer, **p["chefer"]),
        "chefer_last": both(chefer, start=LAST),
        "legrad": (legrad_map(image, **p["legrad"]), None),
        "clip_surgery": (clip_surgery(image, **p["clip_surgery"]), None),
        "rollout": both(rollout),
        "saliency": both(saliency),
        "smooth_grad": both(smooth_grad, **p["smooth_grad"]),
        "rise": (rise(image, **p["rise"]), None),
        "kernel_shap": both(kernel_shap, **p["kernel_shap"]),
        "shapley": both(shapley) if dtype == torch.float64 else (None, None),
        "occlusion": both(occlusion),
        "random": both(random, **p["random"]),
        "centre": (centre(image), None),
    }
    p["chefer_last"] = dict(start=LAST)
    return s, maps, p


def digits(values):
    if values.dim() > 1:
        return [digits(v) for v in values]
    return [float(f"{v:.9g}") for v in values.tolist()]


def golden(case):
    s, maps, parameters = compute(case)
    _, rough, _ = compute(case, torch.float32)
    methods = {}
    for name, (grid, tokens) in maps.items():
        methods[name] = {"parameters": parameters.get(name, {}), "map": digits(grid)}
        if tokens is not None:
            methods[name]["tokens"] = digits(tokens)
        for what, exact, other in zip(("map", "tokens"), maps[name], rough[name]):
            if exact is not None and other is not None:
                largest, error = exact.abs().max().item(), (exact - other).abs().max().item()
                print(f"  {name:18} {what:6} largest {largest:.3g}, float32 differs by {error:.1g}")
    image, text, _ = sides(case["pixels"], case["ids"], torch.float64)
    return {"model": "tiny-clip", "pixels": {"stream": case["pixels"], "half_width": 1.5}, "token_ids": case["ids"],
            "similarity": float(f"{s:.9g}"), "methods": methods, "interactions": second_order(image, text, case["interactions_layer"])}


if __name__ == "__main__":
    close(sides("pixels", TINY_CASE["ids"], torch.float64)[2], TINY["cosine"], 1e-5)
    for name, case in {"methods-tiny": TINY_CASE, "methods-tiny-other": OTHER_CASE}.items():
        print(name)
        text = json.dumps(golden(case), indent=1)
        (RESOURCES / f"attribution/golden-{name}.json").write_text(text + "\n")
