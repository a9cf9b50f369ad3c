"""Small vocabularies in the published layouts, and what the libraries' own tokenizers make of sentences.

    pip install -r src/test/python/requirements.txt
    python src/test/python/tokenizers_golden.py

For clip, bert and siglip it trains a vocabulary on made-up report sentences and saves the folder as transformers does (the slow
tokenizer's files, no tokenizer.json). A folder that is there keeps its vocabulary: training breaks ties differently each time. It
writes ids.json beside: for each sentence `ids` without truncation, `cut` with truncation
at `context` where that differs, by CLIPTokenizer, BertTokenizer, SiglipTokenizer. The slow tokenizers are the authority; the
fast ones' ids are told as `fast` where they differ. OpenAI and open_clip repair text with ftfy first, as CLIPTokenizer does where
ftfy is installed: `ftfy` holds those ids where they differ. cleaned.json holds what open_clip's tokenizer makes of text that it
repairs and unescapes first, cleaned-texts.json what its ways to clean leave of a text.
"""

import gzip
import io
import json
import pathlib
import sys
import tempfile
from unittest import mock

import sentencepiece
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers, trainers
from transformers import BertTokenizer, BertTokenizerFast, CLIPTokenizer, CLIPTokenizerFast, SiglipTokenizer
from transformers.models.clip.tokenization_clip import bytes_to_unicode

OUT = pathlib.Path(__file__).parents[1] / "resources/org/m2ib/clip/tokenizers"

FINDINGS = ["pleural effusion", "pneumothorax", "consolidation", "atelectasis", "cardiomegaly", "pulmonary edema", "nodule", "mass",
            "opacity", "rib fracture", "hiatal hernia", "interstitial thickening", "pneumonia", "scarring", "granuloma", "emphysema"]
SIDES = ["left", "right", "bilateral"]
PLACES = ["lower lobe", "upper lobe", "middle lobe", "lung base", "costophrenic angle", "hilum", "apex", "lingula", "mediastinum"]
FRAMES = ["There is a small {s} {f}.", "Moderate {f} in the {s} {p}.", "No {f} is seen.", "The {f} measures 1.5 cm in the {s} {p}.",
          "Unchanged {s} {f} since the prior examination of 2023.", "No evidence of {f} or {g}.", "Increased {f} at the {s} {p}, likely {g}.",
          "The heart is enlarged; {f} cannot be excluded.", "Endotracheal tube 4 cm above the carina, {s} {f}.", "Resolved {f}."]
CORPUS = [frame.format(f=f, g=FINDINGS[(i + 5) % 16], s=SIDES[i % 3], p=PLACES[(i + j) % 9])
          for j, frame in enumerate(FRAMES) for i, f in enumerate(FINDINGS)]  # fmt: skip

LONG = "The " + " and the ".join(f"{SIDES[i % 3]} {PLACES[i % 9]} with {FINDINGS[i % 16]}" for i in range(60)) + " are unchanged."
SENTENCES = [
    "Small left pleural effusion.", "No pneumothorax.", "0.5 cm nodule in the right upper lobe", "1.5-2.0cm mass, 10,000 HU",
    "post-operative follow-up; non-small-cell", "LEFT LOWER LOBE CONSOLIDATION", "Cardiomegaly", "the heart's size isn't enlarged, we've seen it",
    "I'll say they're fine and I'd do what I'm told", "épanchement pleural à gauche, œdème", "Größe unverändert, Überblähung",
    "cafe\u0301 versus café", "naïve façade Ångström", "\u0130stanbul \u1e9e \ufb01brosis \uff21\uff22", "“quoted” text – dash … ellipsis’s", "胸水あり 肺炎",
    "плевральный выпот", "nodule 🫁 stable 👍🏽", "  several   spaces\tand\nlines  ", "", "   ", "...!?", "T4/T5, L1-L2 & C7", "a", "x" * 120,
    "<|endoftext|> and [SEP] and </s> in the text", "SpO2 95% (room air) #1 @ 3 o'clock ~5mm", "&amp; and &lt;2 cm&gt;", "null\u0000 soft\u00adhyphen zero\u200bwidth nb\u00a0space",
    "aeration_of_the_lung", LONG,
]  # fmt: skip


ESCAPED = [
    "heart &amp; lungs", "heart &amp;amp; lungs", "the patient’s left lung", "‘small’ and „large‟ ʼtis", "pulmonary ﬁbrosis, diﬀuse, aﬄicted, ĳ",
    "ＣＴ　ｃｈｅｓｔ １．５ｃｍ", "no\u0007 effu\u0000sion\ufeff", "first\r\nsecond\u2028third", "&nbsp;left&#39;s &#x2019; caf&eacute; &quot;mass&quot;",
    "R&D; AT&T &copy 2 &ltno &unknown; & &", "SpO2 < 90% &amp; falling, &rsquo;stable&rsquo;", "&amp;rsquo;s &amp;lt;2 cm&amp;gt;", "&#64257;brosis &#8220;quoted&#8221;",
]  # fmt: skip


def ids_of(tokenizer, context):
    lines = []
    for text in SENTENCES:
        line = dict(text=text, ids=tokenizer(text)["input_ids"])
        cut = tokenizer(text, truncation=True, max_length=context)["input_ids"]
        lines.append(line if cut == line["ids"] else {**line, "cut": cut})
    return lines


def write(folder, context, lines, **others):
    for line, *more in zip(lines, *others.values()):
        for name, other in zip(others, more):
            if other["ids"] != line["ids"]:
                line[name] = other["ids"]
    text = ",\n".join("  " + json.dumps(line) for line in lines)
    (folder / "ids.json").write_text(f'{{\n "context": {context},\n "sentences": [\n{text}\n ]\n}}\n')


def train_clip(folder):
    """OpenAI's order: the bytes, the bytes ending a word, the merges, the two marks."""
    trained = tokenizers.Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    trained.normalizer = normalizers.Lowercase()
    words = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    trained.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(tokenizers.Regex(words), behavior="removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])  # fmt: skip
    trained.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=500, end_of_word_suffix="</w>", show_progress=False))
    merges = [tuple(merge) for merge in json.loads(trained.to_str())["model"]["merges"]]
    bytes = list(bytes_to_unicode().values())
    vocabulary = bytes + [b + "</w>" for b in bytes] + ["".join(m) for m in merges] + ["<|startoftext|>", "<|endoftext|>"]
    with tempfile.TemporaryDirectory() as raw:
        v, m = pathlib.Path(raw) / "vocab.json", pathlib.Path(raw) / "merges.txt"
        v.write_text(json.dumps({token: i for i, token in enumerate(vocabulary)}))
        m.write_text("#version: 0.2\n" + "".join(" ".join(merge) + "\n" for merge in merges))
        CLIPTokenizer(v, m, model_max_length=77).save_pretrained(folder)


def clip(folder):
    repaired = CLIPTokenizer.from_pretrained(folder)
    assert repaired.fix_text is not None
    with mock.patch.dict(sys.modules, ftfy=None):
        plain = CLIPTokenizer.from_pretrained(folder)
    assert plain.fix_text is None
    write(folder, 77, ids_of(plain, 77), fast=ids_of(CLIPTokenizerFast.from_pretrained(folder), 77), ftfy=ids_of(repaired, 77))


def open_clip_cleaned(folder):
    """Its tokenizer, given this vocabulary's merges in its own file; it writes marks otherwise, so the sentence with one is left out."""
    from open_clip.tokenizer import SimpleTokenizer

    with tempfile.NamedTemporaryFile(suffix=".gz") as file:
        file.write(gzip.compress((folder / "merges.txt").read_bytes().strip()))
        file.flush()
        tokenizer = SimpleTokenizer(file.name)
    start, end = tokenizer.sot_token_id, tokenizer.eot_token_id
    lines = [dict(text=text, ids=[start, *tokenizer.encode(text), end]) for text in ESCAPED + SENTENCES[:-1] if "<|" not in text]
    text = ",\n".join("  " + json.dumps(line) for line in lines)
    (folder / "cleaned.json").write_text(f'{{\n "sentences": [\n{text}\n ]\n}}\n')


def open_clip_texts(folder):
    """What each of its ways to clean leaves of a text, before any tokeniser sees it."""
    from open_clip.tokenizer import get_clean_fn

    more = ["ΠΛΕΥΡΙΤΙΚΗ ΣΥΛΛΟΓΗ ΑΡΙΣΤΕΡΑ ΟΔΟΣ", "Ⅳ Ⓐ ǅ", "_left__lung_", " (1) No effusion; 2-3 mm. ", "\u2003wide\u00a0blanks\u2029 ", "&lt;2 cm_wide"]
    lines = [dict(text=text, **{way: get_clean_fn(way)(text) for way in ("canonicalize", "lower", "whitespace")})
             for text in ESCAPED + SENTENCES[:-1] + more]  # fmt: skip
    text = ",\n".join("  " + json.dumps(line) for line in lines)
    (folder / "cleaned-texts.json").write_text(f'{{\n "sentences": [\n{text}\n ]\n}}\n')


def train_bert(folder):
    trained = tokenizers.BertWordPieceTokenizer(lowercase=True)
    trained.train_from_iterator(CORPUS + SENTENCES[:13], vocab_size=400, show_progress=False)
    with tempfile.TemporaryDirectory() as raw:
        (file,) = trained.save_model(raw)
        BertTokenizer(file, do_lower_case=True, model_max_length=256).save_pretrained(folder)


def bert(folder):
    slow, fast = BertTokenizer.from_pretrained(folder), BertTokenizerFast.from_pretrained(folder)
    write(folder, 256, ids_of(slow, 256), fast=ids_of(fast, 256))


def train_siglip(folder):
    model = io.BytesIO()
    canonical = [sentence.lower().replace(".", "").replace(",", "").replace(";", "") for sentence in CORPUS + SENTENCES[:13]]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(canonical), model_writer=model, vocab_size=300, hard_vocab_limit=False, model_type="unigram", character_coverage=1.0,
        pad_id=0, eos_id=1, unk_id=2, bos_id=-1, num_threads=1, minloglevel=2)  # fmt: skip
    with tempfile.TemporaryDirectory() as raw:
        file = pathlib.Path(raw) / "spiece.model"
        file.write_bytes(model.getvalue())
        SiglipTokenizer(str(file), model_max_length=64).save_pretrained(folder)


def siglip(folder):
    tokenizer = SiglipTokenizer.from_pretrained(folder)
    assert tokenizer.pad_token_id == 1
    write(folder, 64, ids_of(tokenizer, 64))


if __name__ == "__main__":
    for train, ids in ((train_clip, clip), (train_bert, bert), (train_siglip, siglip)):
        folder = OUT / ids.__name__
        if not folder.exists():
            folder.mkdir(parents=True)
            train(folder)
        ids(folder)
    open_clip_cleaned(OUT / "clip")
    open_clip_texts(OUT / "clip")
