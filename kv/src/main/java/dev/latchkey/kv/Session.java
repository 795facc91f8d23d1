package dev.latchkey.kv;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/// A connection with its prepared statements. Used by one thread at a time.
final class Session implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.latchkey.kv");
  private static final int MOST_STATEMENTS = 200;
  private static final int BUSY_MILLIS = 1_000;

  /// Statements not in use, the one used longest ago first. One in use is taken out, so that a
  /// query made while the same query's cursor is open gets a statement of its own.
  private final LinkedHashMap<String, Prepared> idle = new LinkedHashMap<>();

  private final SQLiteConnection connection;
  private int schemaEpoch;
  private int generation;

  /// @param generation of the tables it was prepared for
  private record Prepared(PreparedStatement statement, int generation) {}

  private Session(SQLiteConnection connection) {
    this.connection = connection;
  }

  /// Does something on a session.
  @FunctionalInterface
  interface Step<T> {
    T on(Session session) throws SQLException;
  }

  /// Makes a value of the row on which the cursor stands.
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Opens sessions on the same file.
  @FunctionalInterface
  interface Source {
    Session open() throws SQLException;
  }

  /// Opens a connection.
  ///
  /// @param name a path as a URI with its parameters, or `:memory:`
  static Session open(String name) throws SQLException {
    return over((SQLiteConnection) config().createConnection("jdbc:sqlite:" + name));
  }

  static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    // Foreign keys stay off: a violation would be found by the commit of a whole group.
    config.enforceForeignKeys(false);
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    return config;
  }

  /// Takes over a connection which was opened with [#config], and closes it if that fails.
  static Session over(SQLiteConnection connection) throws SQLException {
    try {
      // With its auto-commit on, the driver tries BEGIN and COMMIT after each statement. With it
      // off, it leaves transactions to us, once the one that it has begun is over.
      connection.setAutoCommit(false);
      Session session = new Session(connection);
      session.run("ROLLBACK");
      return session;
    } catch (Throwable e) {
      closeAfter(e, connection);
      throw e;
    }
  }

  /// Closes what can't be used, without hiding why.
  static void closeAfter(Throwable reason, AutoCloseable unusable) {
    try {
      unusable.close();
    } catch (Exception e) {
      reason.addSuppressed(e);
    }
  }

  /// Uses a prepared statement.
  @FunctionalInterface
  private interface Use<T extends @Nullable Object> {
    T of(PreparedStatement statement) throws SQLException;
  }

  /// Runs a statement that gives no rows and has no arguments.
  void run(String sql) throws SQLException {
    prepared(sql, PreparedStatement::execute);
  }

  /// Runs a data or schema statement and returns the number of rows changed; after a schema
  /// statement the number means nothing.
  int change(String sql, @Nullable Object... arguments) throws SQLException {
    return prepared(sql, PreparedStatement::executeUpdate, arguments);
  }

  /// Returns what the reader makes of the first row, or null if there is none.
  <T> @Nullable T first(String sql, Reader<T> reader, @Nullable Object... arguments)
      throws SQLException {
    return this.<@Nullable T>prepared(
        sql,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? reader.read(rows) : null;
          }
        },
        arguments);
  }

  /// Returns the number in the first column of the first row, or 0.
  long number(String sql, @Nullable Object... arguments) throws SQLException {
    Long number = first(sql, row -> row.getLong(1), arguments);
    return number == null ? 0 : number;
  }

  /// Returns the text in the first column of the first row, or the empty one.
  String text(String sql) throws SQLException {
    String text = first(sql, row -> row.getString(1));
    return text == null ? "" : text;
  }

  /// Returns what the reader makes of each row.
  <T> List<T> all(String sql, Reader<T> reader, @Nullable Object... arguments) throws SQLException {
    return prepared(
        sql,
        statement -> {
          List<T> all = new ArrayList<>();
          try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
              all.add(reader.read(rows));
            }
          }
          return all;
        },
        arguments);
  }

  /// Runs a data statement that gives rows to their end, and returns the number of rows changed.
  int changeAndSkipRows(String sql, @Nullable Object... arguments) throws SQLException {
    all(sql, row -> true, arguments);
    return Math.toIntExact(connection.getDatabase().changes());
  }

  /// Refuses arguments which can't be bound, on the thread of the caller who passed them.
  static void requireArguments(@Nullable Object... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case null -> {}
        case String _, Long _, Integer _, Double _, Boolean _, byte[] _, Instant _ -> {}
        case Object other ->
            throw new IllegalArgumentException(
                "argument "
                    + (i + 1)
                    + " is a "
                    + other.getClass().getName()
                    + ", not a String, Long, Integer, Double, Boolean, byte[], Instant or null");
      }
    }
  }

  /// Returns whether a transaction is open. Asked after an error, which may have ended it.
  boolean isInTransaction() {
    try {
      // SQLite refuses this exactly if there is one, whatever state it is in.
      run("BEGIN");
    } catch (SQLException e) {
      return true;
    }
    try {
      run("ROLLBACK");
    } catch (SQLException e) {
      // A transaction without a statement has nothing to undo; should it stay open, the next
      // BEGIN IMMEDIATE fails and says so.
      return false;
    }
    return false;
  }

  /// Forgets the prepared statements if the tables may have changed: the driver remembers the
  /// columns of each.
  void followSchema(int epoch) {
    if (schemaEpoch != epoch) {
      schemaEpoch = epoch;
      forgetStatementsLater();
    }
  }

  /// Has every statement prepared anew when it's next used, those in use included.
  void forgetStatementsLater() {
    generation++;
  }

  /// Ends whatever is read with it, on another thread, and closes it: its statements fail from now
  /// on. The driver lets only one thread into a connection at a time.
  void abort() {
    try {
      connection.getDatabase().interrupt();
      connection.close();
    } catch (SQLException e) {
      LOG.log(System.Logger.Level.WARNING, "a connection for reading could not be closed", e);
    }
  }

  @Override
  public void close() throws SQLException {
    try {
      for (Prepared prepared : idle.values()) {
        prepared.statement().close();
      }
    } finally {
      idle.clear();
      connection.close();
    }
  }

  private <T extends @Nullable Object> T prepared(
      String sql, Use<T> use, @Nullable Object... arguments) throws SQLException {
    Prepared prepared = take(sql);
    T result;
    try {
      bind(prepared.statement(), arguments);
      result = use.of(prepared.statement());
    } catch (Throwable e) {
      closeAfter(e, prepared.statement());
      throw e;
    }
    giveBack(sql, prepared);
    return result;
  }

  private Prepared take(String sql) throws SQLException {
    Prepared prepared = idle.remove(sql);
    if (prepared != null) {
      if (prepared.generation() == generation) {
        return prepared;
      }
      prepared.statement().close();
    }
    return new Prepared(connection.prepareStatement(sql), generation);
  }

  private void giveBack(String sql, Prepared prepared) throws SQLException {
    // What was bound may be large and must not outlive the call.
    prepared.statement().clearParameters();
    Prepared twin = idle.put(sql, prepared);
    if (twin != null) {
      twin.statement().close();
    } else if (idle.size() > MOST_STATEMENTS) {
      Prepared eldest = idle.pollFirstEntry().getValue();
      eldest.statement().close();
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... arguments)
      throws SQLException {
    int wanted = statement.getParameterMetaData().getParameterCount();
    if (wanted != arguments.length) {
      throw new IllegalArgumentException(
          "SQL has " + wanted + " parameters, but there are " + arguments.length + " arguments");
    }
    for (int i = 0; i < arguments.length; i++) {
      bind(statement, i + 1, arguments[i]);
    }
  }

  private static void bind(PreparedStatement statement, int index, @Nullable Object argument)
      throws SQLException {
    switch (argument) {
      case null -> statement.setNull(index, Types.NULL);
      case String text -> statement.setString(index, text);
      case Long number -> statement.setLong(index, number);
      case Integer number -> statement.setLong(index, number);
      case Double number -> statement.setDouble(index, number);
      case Boolean truth -> statement.setLong(index, truth ? 1 : 0);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case Instant instant -> statement.setLong(index, Millis.of(instant));
      default -> throw new IllegalArgumentException("argument " + index + " can't be bound");
    }
  }
}
