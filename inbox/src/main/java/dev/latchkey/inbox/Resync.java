package dev.latchkey.inbox;

import java.util.List;

/// Names what should be looked at whether or not a delivery came: the safety net of a level, and
/// without any webhook the whole way of working (poll mode).
@FunctionalInterface
public interface Resync {

  /// Returns the works that look at the present state; a live work of a key absorbs them. Called by
  /// one thread at a time. What it throws ends that look, and is told to the listener.
  List<NewWork> look() throws Exception;
}
