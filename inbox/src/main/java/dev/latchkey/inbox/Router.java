package dev.latchkey.inbox;

/// Says what a delivery asks for.
///
/// A router is a pure function, and quick: it runs on the thread of the caller of [Inbox#accept],
/// before the writer's turn, also for duplicates. When it throws, or returns null, the delivery is
/// kept all the same, with a DEAD work that says why.
@FunctionalInterface
public interface Router {

  Routing route(Delivery delivery);
}
