"""Makes the photographs of the collages: squares of 96 x 96 pixels, from those that scikit-image 0.26.0, scikit-learn 1.3.2
and SciPy 1.11.4 ship. Their origin and licences are in the README beside the pictures.

    python collage_photographs.py src/main/resources/org/m2ib/lab/collage
"""
import bz2
import os
import pickle
import sys

import numpy as np
import scipy.misc
import skimage
import sklearn.datasets
from PIL import Image

SIDE = 96
SKIMAGE = os.path.join(os.path.dirname(skimage.__file__), "data")
SKLEARN = os.path.join(os.path.dirname(sklearn.datasets.__file__), "images")
SCIPY = os.path.dirname(scipy.misc.__file__)

# file, left, top and side of the square
SQUARES = {
    "astronaut": ("astronaut.png", 20, 0, 420),
    "cat": ("chelsea.png", 100, 0, 300),
    "coffee-cup": ("coffee.png", 80, 0, 400),
    "coins": ("coins.png", 10, 8, 290),
    "rocket": ("rocket.jpg", 200, 80, 250),
    "photographer": ("camera.png", 0, 30, 400),
    "bricks": ("brick.png", 0, 0, 400),
    "grass": ("grass.png", 0, 0, 320),
    "gravel": ("gravel.png", 0, 0, 320),
    "galaxies": ("hubble_deep_field.jpg", 100, 100, 500),
    "tissue": ("ihc.png", 0, 0, 512),
    "retina": ("retina.jpg", 0, 0, 1411),
    "raccoon": ("face.dat", 300, 0, 700),
    "stairs": ("ascent.dat", 0, 0, 512),
    "pagoda": ("china.jpg", 60, 20, 380),
    "flower": ("flower.jpg", 150, 20, 330),
}


def photograph(name):
    if name == "face.dat":
        with open(os.path.join(SCIPY, name), "rb") as file:
            pixels = np.frombuffer(bz2.decompress(file.read()), dtype="uint8")
        return Image.fromarray(pixels.reshape(768, 1024, 3))
    if name == "ascent.dat":
        with open(os.path.join(SCIPY, name), "rb") as file:
            return Image.fromarray(np.array(pickle.load(file)).astype("uint8"))
    folder = SKLEARN if name in ("china.jpg", "flower.jpg") else SKIMAGE
    return Image.open(os.path.join(folder, name))


for name, (file, left, top, side) in SQUARES.items():
    picture = photograph(file)
    square = picture.crop((left, top, left + side, top + side)).resize((SIDE, SIDE), Image.LANCZOS)
    square.save(os.path.join(sys.argv[1], name + ".png"), optimize=True)
