"""Keep the folder ``coreops/`` from hiding the package ``coreops``.

pytest's importlib mode names a test module after its path, ``coreops.tests.…``, and would make a namespace package of
the folder for it. With the real package imported first, the name is taken.
"""

import coreops  # noqa: F401 - imported for its place in sys.modules
