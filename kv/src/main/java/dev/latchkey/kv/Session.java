package dev.latchkey.kv;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/// A connection with its prepared statements. Used by one thread at a time.
final class Session implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.latchkey.kv");

  /// What the writer keeps of the file in memory, of SQLite's own, up to 8 MiB.
  static final String WRITER_CACHE = "PRAGMA cache_size = -8192";

  private static final int MOST_STATEMENTS = 200;
  private static final int BUSY_MILLIS = 1_000;

  private static final int MOST_STALE = 4;

  /// What was bound is forgotten after a call if it may be as large as this.
  private static final int LARGE_BYTES = 4 << 10;

  /// The one used longest ago first.
  private final LinkedHashMap<String, Prepared> prepared = new LinkedHashMap<>(16, 0.75f, true);

  private final SQLiteConnection connection;
  private int schemaEpoch;
  private int generation;

  /// A statement that is kept for its next use.
  private static final class Prepared {
    final PreparedStatement statement;

    /// Of the tables it was prepared for.
    final int generation;

    boolean inUse;

    Prepared(PreparedStatement statement, int generation) {
      this.statement = statement;
      this.generation = generation;
    }
  }

  private Session(SQLiteConnection connection) {
    this.connection = connection;
  }

  /// Does something on a session.
  @FunctionalInterface
  interface Step<T extends @Nullable Object> {
    T on(Session session) throws SQLException;
  }

  /// Makes a value of the row on which the cursor stands.
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /// Opens a session by the name that [#open(String)] takes.
  @FunctionalInterface
  interface Opening {
    Session open(String name) throws SQLException;
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
    // Else the driver queries the last rowid after each INSERT, and leaves that query open: nobody
    // asks for it, and there's no VACUUM INTO beside it.
    config.setGetGeneratedKeys(false);
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
  ///
  /// It reads on to the end: what a pragma changes, SQLite commits after the row that tells of it,
  /// and a failure of that commit would go unheard.
  String text(String sql) throws SQLException {
    List<String> texts = all(sql, row -> Objects.requireNonNullElse(row.getString(1), ""));
    return texts.isEmpty() ? "" : texts.getFirst();
  }

  /// Returns the size of all pages.
  long sizeBytes() throws SQLException {
    return number("PRAGMA page_count") * number("PRAGMA page_size");
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
        case String text -> requireEncodable(text, i + 1);
        case Long _, Integer _, Double _, Boolean _, byte[] _, Instant _ -> {}
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

  /// The driver would put a question mark in place of a lone surrogate.
  private static void requireEncodable(String text, int number) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException("argument " + number + " has a lone surrogate");
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

  /// Runs a step that reads on one unchanging view, that of the transaction if one is open.
  <T extends @Nullable Object> T inOneView(Step<T> step) throws SQLException {
    if (isInTransaction()) {
      return step.on(this);
    }
    run("BEGIN");
    try {
      return step.on(this);
    } finally {
      run("COMMIT");
    }
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
      for (Prepared known : prepared.values()) {
        known.statement.close();
      }
    } finally {
      prepared.clear();
      connection.close();
    }
  }

  private <T extends @Nullable Object> T prepared(
      String sql, Use<T> use, @Nullable Object... arguments) throws SQLException {
    Prepared taken = take(sql);
    T result;
    try {
      bind(taken.statement, arguments);
      result = use.of(taken.statement);
    } catch (Throwable e) {
      prepared.remove(sql, taken);
      closeAfter(e, taken.statement);
      throw e;
    }
    giveBack(sql, taken, arguments);
    return result;
  }

  /// Returns the statement, or one of its own for a query made while the same query's cursor is
  /// open.
  private Prepared take(String sql) throws SQLException {
    Prepared known = prepared.get(sql);
    if (known != null && !known.inUse && known.generation == generation) {
      known.inUse = true;
      return known;
    }
    Prepared fresh = new Prepared(prepare(sql), generation);
    fresh.inUse = true;
    return fresh;
  }

  /// Where a stack has ended within the driver, it may hold on to a statement that is gone, and
  /// refuse a new one which has come to the same place in memory. The next comes to another.
  private PreparedStatement prepare(String sql) throws SQLException {
    for (int i = 0; i < MOST_STALE; i++) {
      try {
        return connection.prepareStatement(sql);
      } catch (IllegalStateException e) {
        if (!String.valueOf(e.getMessage()).startsWith("Already added pointer")) {
          throw e;
        }
        LOG.log(System.Logger.Level.WARNING, "the driver holds on to a statement that is gone", e);
      }
    }
    return connection.prepareStatement(sql);
  }

  private void giveBack(String sql, Prepared taken, @Nullable Object... arguments)
      throws SQLException {
    taken.inUse = false;
    if (isAnyLarge(arguments)) {
      // What was bound must not outlive the call.
      taken.statement.clearParameters();
    }
    Prepared known = prepared.get(sql);
    if (known == taken) {
      return;
    }
    if (known != null && known.inUse) {
      taken.statement.close();
      return;
    }
    prepared.put(sql, taken);
    if (known != null) {
      known.statement.close();
    } else if (prepared.size() > MOST_STATEMENTS) {
      closeEldest();
    }
  }

  private void closeEldest() throws SQLException {
    for (Map.Entry<String, Prepared> eldest : prepared.entrySet()) {
      if (!eldest.getValue().inUse) {
        prepared.remove(eldest.getKey());
        eldest.getValue().statement.close();
        return;
      }
    }
  }

  private static boolean isAnyLarge(@Nullable Object... arguments) {
    for (Object argument : arguments) {
      boolean large =
          switch (argument) {
            case byte[] bytes -> bytes.length >= LARGE_BYTES;
            case String text -> text.length() >= LARGE_BYTES / 2;
            case null, default -> false;
          };
      if (large) {
        return true;
      }
    }
    return false;
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
