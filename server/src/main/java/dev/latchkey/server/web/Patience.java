package dev.latchkey.server.web;

import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Bounds how long a sender may be listened to, however steadily he dribbles. The server itself
/// bounds only how long nothing at all is said, and that only between requests.
///
/// Whoever has run out of it is interrupted, which closes the connection that his thread reads
/// from.
final class Patience implements Http1ConnectionListener {

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  /// Of this connection's thread, while headers are read.
  private static final ThreadLocal<Wait> HEADERS = new ThreadLocal<>();

  private final Duration longest;

  /// A wait of the thread that began it. Once it is closed, the thread isn't interrupted any more.
  static final class Wait implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final Future<?> end;
    private boolean over;

    private Wait(Duration longest) {
      end = TIMER.schedule(this::interrupt, longest.toNanos(), TimeUnit.NANOSECONDS);
    }

    private synchronized void interrupt() {
      if (!over) {
        over = true;
        thread.interrupt();
      }
    }

    @Override
    public void close() {
      synchronized (this) {
        over = true;
      }
      end.cancel(false);
    }
  }

  /// @param longest how long the headers of a request may take
  Patience(Duration longest) {
    this.longest = longest;
  }

  /// Begins a wait of this thread.
  static Wait begin(Duration longest) {
    return new Wait(longest);
  }

  @Override
  public void prologue(ConnectionContext connection, HttpPrologue prologue) {
    HEADERS.set(begin(longest));
  }

  @Override
  public void headers(ConnectionContext connection, Headers read) {
    Wait wait = HEADERS.get();
    if (wait != null) {
      wait.close();
      HEADERS.remove();
    }
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("patience").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
