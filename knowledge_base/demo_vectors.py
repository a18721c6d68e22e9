"""Vectors of the demo knowledge, shipped with it so that a first start takes seconds.

``python -m knowledge_base.demo_vectors`` writes them anew; to be run whenever files under ``demo`` change.
A text that they do not cover is simply encoded when it is imported.
"""

from pathlib import Path

import numpy as np

from knowledge_base.codec import text_hash
from knowledge_base.embeddings import open_embeddings
from knowledge_base.facets import facets
from knowledge_base.sources.folder import read_files
from knowledge_base.split import split

DEMO = Path(__file__).with_name("demo")
VECTORS = DEMO / "vectors.npz"


def demo_texts(folder: Path = DEMO) -> list[str]:
    """Distinct texts that importing the folder encodes, in order."""
    files = read_files([folder])
    documents = (parts for file in files for parts in file.documents.values())
    return list(
        dict.fromkeys(text for parts in documents for chunk in split(parts) for text in facets(chunk))
    )


def write(folder: Path = DEMO, target: Path = VECTORS) -> int:
    """Encode all demo texts with the bundled encoder; returns how many.

    The archive holds ``encoder`` (its name), ``hashes`` (n × 32 bytes, SHA-256 of the texts) and ``vectors``
    (n × dimension, float16: half the size, similarities change by less than 0.0001).
    """
    named = open_embeddings("bundled", model="", api_key=None, base_url=None)
    texts = demo_texts(folder)
    hashes = np.array([list(bytes.fromhex(text_hash(text))) for text in texts], np.uint8)
    vectors = np.array(named.embeddings.embed_documents(texts), np.float16)
    np.savez_compressed(target, encoder=np.array(named.name), hashes=hashes, vectors=vectors)
    return len(texts)


if __name__ == "__main__":
    write()
