package dev.latchkey.kv;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.jdbc4.JDBC4Connection;

/// A connection to SQLite that tells a watcher what it is about to execute, each time, and what it
/// has executed.
final class WatchedConnection extends JDBC4Connection {

  private final Watcher watcher;

  /// Told on the thread that executes. It may block there for ever.
  interface Watcher {
    void before(String sql);

    void after(String sql);

    /// Returns whether the statement is to be left out, as a broken engine would.
    default boolean skips(String sql) {
      return false;
    }
  }

  /// What a watcher is told when the connection is closed.
  static final String CLOSE = "close";

  private WatchedConnection(String name, Watcher watcher) throws SQLException {
    super("jdbc:sqlite:" + name, name, Session.config().toProperties());
    this.watcher = watcher;
  }

  /// Opens a handle of the file whose writing goes through such a connection. The engine isn't
  /// shared with handles that are opened in the usual way.
  static SqlDatabase open(DatabaseFile file, DatabaseOptions options, Watcher watcher)
      throws SQLException {
    Ownership ownership = Ownership.claim(file);
    ownership.lock();
    WatchedConnection connection = new WatchedConnection(file.uri("vfs=unix-excl"), watcher);
    Engine engine = Engine.ofFile(Session.over(connection), file, ownership, options);
    engine.handles = 1;
    return new SqlDatabase(engine, options);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holding)
      throws SQLException {
    PreparedStatement statement = super.prepareStatement(sql, type, concurrency, holding);
    return (PreparedStatement)
        Proxy.newProxyInstance(
            PreparedStatement.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              boolean executes = method.getName().startsWith("execute");
              if (executes && watcher.skips(sql)) {
                return method.getReturnType() == boolean.class ? (Object) false : (Object) 0;
              }
              if (executes) {
                watcher.before(sql);
              }
              Object result;
              try {
                result = method.invoke(statement, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (executes) {
                watcher.after(sql);
              }
              return result;
            });
  }

  @Override
  public void close() throws SQLException {
    if (isClosed()) {
      return;
    }
    watcher.before(CLOSE);
    super.close();
    watcher.after(CLOSE);
  }
}
