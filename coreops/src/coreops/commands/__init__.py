"""Commands: one lightbulb class answers as slash command, prefix command and mention.

``tree`` knows which commands there are, ``prefix``, ``arguments``, ``values`` and ``entities`` read a message,
``bridge`` turns it into an interaction, ``client`` hands interactions to lightbulb through ``door``, which decides with
``admission`` and ``access`` who may pass. ``room`` puts them together.
"""
