from __future__ import annotations

from coreops_sandbox.world.events import Hub


def test_subscribers_are_called_in_order_of_subscription():
    hub: Hub[int] = Hub()
    heard: list[tuple[str, int]] = []
    hub.subscribe(lambda item: heard.append(("a", item)))
    hub.subscribe(lambda item: heard.append(("b", item)))
    hub.publish(1)
    assert heard == [("a", 1), ("b", 1)]


def test_who_unsubscribes_hears_no_more_and_may_do_so_twice():
    hub: Hub[int] = Hub()
    heard: list[int] = []
    unsubscribe = hub.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    hub.publish(1)
    assert heard == []


def test_a_subscriber_may_unsubscribe_while_it_is_called():
    hub: Hub[int] = Hub()
    heard: list[int] = []

    def once(item: int) -> None:
        unsubscribe()
        heard.append(item)

    unsubscribe = hub.subscribe(once)
    hub.subscribe(heard.append)
    hub.publish(1)
    hub.publish(2)
    assert heard == [1, 1, 2]
