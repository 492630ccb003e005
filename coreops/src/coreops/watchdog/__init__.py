"""The watchdog: notices a deaf gateway and a held event loop, acts step by step, and never lets a death be mute."""
