package dev.latchkey.inbox;

import java.util.List;

/// Says what a delivery asks for.
///
/// A router is a pure function, and quick: it runs on the thread of the caller of [Inbox#accept],
/// before the writer's turn, also for duplicates. When it throws, or names more than 100 works, the
/// delivery is kept all the same, with a DEAD work that says why.
@FunctionalInterface
public interface Router {

  /// Returns the works, none if the delivery is to be ignored.
  List<NewWork> route(Delivery delivery);
}
