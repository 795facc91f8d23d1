package dev.latchkey.kv;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sqlite.jdbc4.JDBC4Connection;

/// A connection to SQLite whose statements can be made to fail as no test can make them fail from
/// outside: for want of memory, or by a mistake in the driver.
final class FailingConnection extends JDBC4Connection {

  private final AtomicReference<@Nullable Pitfall> pitfall = new AtomicReference<>();

  private record Pitfall(String pattern, Runnable action) {}

  private FailingConnection(String name) throws SQLException {
    super("jdbc:sqlite:" + name, name, Session.config().toProperties());
  }

  static FailingConnection open(DatabaseFile file) throws SQLException {
    return new FailingConnection(file.uri("vfs=unix-excl"));
  }

  /// Runs the action once, before the next statement that matches is prepared. Only the last one
  /// given counts.
  void before(String pattern, Runnable action) {
    pitfall.set(new Pitfall(pattern, action));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holding)
      throws SQLException {
    Pitfall next = pitfall.get();
    if (next != null && sql.matches(next.pattern()) && pitfall.compareAndSet(next, null)) {
      next.action().run();
    }
    return super.prepareStatement(sql, type, concurrency, holding);
  }
}
