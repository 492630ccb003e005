"""The generated pages of the documentation: written by ``make docs``, compared with the code by ``make check``."""
