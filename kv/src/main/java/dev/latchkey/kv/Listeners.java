package dev.latchkey.kv;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The listeners of an engine's handles.
final class Listeners {

  static final DatabaseListener NONE = event -> {};

  private static final System.Logger LOG = System.getLogger("dev.latchkey.kv");

  private final List<DatabaseListener> all = new CopyOnWriteArrayList<>();

  @SuppressWarnings("ReferenceEquality")
  void add(DatabaseListener listener) {
    if (listener != NONE) {
      all.add(listener);
    }
  }

  void remove(DatabaseListener listener) {
    all.remove(listener);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /// Tells everyone. What a listener throws is its own failure: whoever tells goes on.
  void tell(DatabaseListener.Event event) {
    List<DatabaseListener> broken = new ArrayList<>(0);
    for (DatabaseListener listener : all) {
      try {
        listener.on(event);
      } catch (RuntimeException | Error e) {
        broken.add(listener);
        LOG.log(Level.WARNING, "listener=\"" + listener.getClass().getName() + "\" removed", e);
      }
    }
    all.removeAll(broken);
  }
}
