package dev.latchkey.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.NoSuchElementException;

/// What is written when one needs a durable map in an hour: one connection to SQLite,
/// `synchronized` around it, one prepared statement per operation, each put a transaction of its
/// own.
final class NaiveContender implements Contender, Contender.Client {
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS entries (
        key TEXT NOT NULL PRIMARY KEY,
        value BLOB NOT NULL
      ) WITHOUT ROWID
      """;
  private static final String PUT =
      """
      INSERT INTO entries (key, value) VALUES (?, ?)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value
      """;
  private static final String GET = "SELECT value FROM entries WHERE key = ?";

  private final Connection connection;
  private final PreparedStatement put;
  private final PreparedStatement get;

  NaiveContender(Path folder) throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("naive.db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute(CREATE);
    }
    put = connection.prepareStatement(PUT);
    get = connection.prepareStatement(GET);
  }

  @Override
  public synchronized void load(List<String> keys, Values values) throws SQLException {
    connection.setAutoCommit(false);
    for (String key : keys) {
      put(key, values.next());
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  @Override
  public Client client() {
    return this;
  }

  @Override
  public synchronized void put(String key, byte[] value) throws SQLException {
    put.setString(1, key);
    put.setBytes(2, value);
    put.executeUpdate();
  }

  @Override
  public synchronized byte[] get(String key) throws SQLException {
    get.setString(1, key);
    try (ResultSet rows = get.executeQuery()) {
      if (!rows.next()) {
        throw new NoSuchElementException(key);
      }
      return rows.getBytes(1);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    connection.close();
  }
}
