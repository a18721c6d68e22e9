"""From files to findable passages: sources, splitting, embeddings, lexical and dense search."""
