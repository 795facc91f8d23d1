package dev.latchkey.server.log;

import dev.latchkey.inbox.Handler;
import java.util.List;
import org.slf4j.MDC;

/// What the lines of this thread are about, said once instead of in each line.
public final class LogContext {

  private static final String WORK = "work";
  private static final String DELIVERY = "delivery";
  private static final int MOST = 3;

  private LogContext() {}

  /// Lines are about something while this is open.
  public interface About extends AutoCloseable {
    @Override
    void close();
  }

  /// Until it is closed, this thread's lines are about a delivery.
  public static About delivery(String id) {
    return put(DELIVERY, id);
  }

  /// Returns a handler whose lines name the work they are about, and the last deliveries that led
  /// to it.
  public static Handler around(Handler handler) {
    return task -> {
      List<String> deliveries = task.deliveries();
      int from = Math.max(0, deliveries.size() - MOST);
      try (About _ = put(WORK, Long.toString(task.id()));
          About _ = put(DELIVERY, String.join(",", deliveries.subList(from, deliveries.size())))) {
        return handler.handle(task);
      }
    };
  }

  /// Puts back what was there before.
  private static About put(String key, String value) {
    String before = MDC.get(key);
    MDC.put(key, value);
    return () -> {
      if (before == null) {
        MDC.remove(key);
      } else {
        MDC.put(key, before);
      }
    };
  }
}
