package dev.latchkey.inbox;

/// Is told what happens, on the thread where it happens: it should return at once. What it throws
/// is logged and forgotten.
@FunctionalInterface
public interface InboxListener {

  void on(Event event);

  /// Returns a listener which does nothing.
  static InboxListener none() {
    return event -> {};
  }
}
