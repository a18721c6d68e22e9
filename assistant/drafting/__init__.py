"""From facts to a reply: chat model, composer, repair."""
