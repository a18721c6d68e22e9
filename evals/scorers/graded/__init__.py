"""How a chat model judges replies: beside the deterministic scorers, never instead of them, never gated."""
