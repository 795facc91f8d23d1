package dev.latchkey.bench;

import java.sql.SQLException;
import java.util.List;

/// One opened database that is measured. A put is on the disk when it returns.
interface Contender extends AutoCloseable {

  /// Puts a value under each of the keys, in large transactions; for preparing, not for measuring.
  void load(List<String> keys, Values values) throws Exception;

  /// Opens what one caller needs for itself. Called on the caller's own thread.
  Client client();

  @Override
  void close() throws SQLException;

  /// What one caller calls, and nobody else meanwhile.
  interface Client {

    /// The value may be changed as soon as this returns.
    void put(String key, byte[] value) throws Exception;

    /// Returns a copy of the value.
    ///
    /// @throws java.util.NoSuchElementException if there is none
    byte[] get(String key) throws Exception;

    /// Called on the caller's own thread when it is done.
    default void leave() {}
  }
}
