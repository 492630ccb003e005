"""Finding the plugins that break a boot, with as few boots as it takes. Pure: what a boot is comes in as a function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["culprits"]


def culprits(
    names: Sequence[str], needs: Mapping[str, Iterable[str]], breaks: Callable[[frozenset[str]], bool]
) -> tuple[str, ...]:
    """Return plugins that together break a boot, so that it comes up without any one of them.

    One among n is found with about 2·log2(n) boots; two that break it only together are both named. A plugin is always
    tried with those that it needs. The way is QuickXplain (Junker, AAAI 2004).

    Args:
        names: Plugins whose boot together is known to break, while a boot without them does not.
        needs: The plugins that each needs, directly.
        breaks: Whether a boot with exactly these plugins breaks.
    """

    def trial(chosen: Iterable[str]) -> bool:
        return breaks(_with_needs(chosen, needs))

    found = _explain((), tuple(names), trial, changed=False)
    while True:
        # what a culprit needs came with it into every trial, and may be the culprit itself
        below = tuple(sorted(_with_needs(found, needs) - set(found)))
        if not below or not trial(below):
            return tuple(sorted(found))
        found = _explain((), below, trial, changed=False)


def _explain(
    background: tuple[str, ...], names: tuple[str, ...], trial: Callable[[Iterable[str]], bool], *, changed: bool
) -> tuple[str, ...]:
    if changed and trial(background):
        return ()
    if len(names) == 1:
        return names
    left, right = names[: len(names) // 2], names[len(names) // 2 :]
    in_right = _explain((*background, *left), right, trial, changed=bool(left))
    in_left = _explain((*background, *in_right), left, trial, changed=bool(in_right))
    return (*in_left, *in_right)


def _with_needs(chosen: Iterable[str], needs: Mapping[str, Iterable[str]]) -> frozenset[str]:
    closed: set[str] = set()
    waiting = list(chosen)
    while waiting:
        name = waiting.pop()
        if name not in closed:
            closed.add(name)
            waiting += needs.get(name, ())
    return frozenset(closed)
