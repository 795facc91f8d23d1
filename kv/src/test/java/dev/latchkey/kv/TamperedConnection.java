package dev.latchkey.kv;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.jdbc4.JDBC4Connection;

/// A connection to SQLite with a mistake, which the writer of a database has then, and which a
/// harness is to find.
final class TamperedConnection extends JDBC4Connection {

  /// What is changed in the writer's session.
  enum Tampering {
    NOTHING,
    /// SQLite asks for no sync at a commit.
    NO_SYNC,
    /// A commit that failed is taken for one that was made.
    SWALLOWED_COMMIT
  }

  private final Tampering tampering;

  private TamperedConnection(String name, Tampering tampering) throws SQLException {
    super("jdbc:sqlite:" + name, name, Session.config().toProperties());
    this.tampering = tampering;
  }

  /// Opens the file as [Database#open(Path, DatabaseOptions)] does, but for the writer's session.
  static Database open(Path file, DatabaseOptions options, Tampering tampering) {
    Engine engine =
        Engines.acquire(file, options, uri -> Session.over(new TamperedConnection(uri, tampering)));
    return new SqlDatabase(engine, options);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holding)
      throws SQLException {
    String run =
        tampering == Tampering.NO_SYNC
            ? sql.replace("PRAGMA synchronous = FULL", "PRAGMA synchronous = OFF")
            : sql;
    PreparedStatement statement = super.prepareStatement(run, type, concurrency, holding);
    return tampering == Tampering.SWALLOWED_COMMIT && sql.equals("COMMIT")
        ? withoutErrors(statement)
        : statement;
  }

  private static PreparedStatement withoutErrors(PreparedStatement statement) {
    return (PreparedStatement)
        Proxy.newProxyInstance(
            TamperedConnection.class.getClassLoader(),
            new Class<?>[] {PreparedStatement.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(statement, arguments);
              } catch (InvocationTargetException e) {
                if (e.getCause() instanceof SQLException) {
                  return method.getReturnType() == boolean.class ? false : null;
                }
                throw e.getCause();
              }
            });
  }
}
