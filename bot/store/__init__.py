"""The store: the domain's words over two databases; no SQL stands outside."""
