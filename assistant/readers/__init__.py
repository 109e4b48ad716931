"""From the bytes of a file to the text of its article: one module per kind of file, `registry` knows them all."""
