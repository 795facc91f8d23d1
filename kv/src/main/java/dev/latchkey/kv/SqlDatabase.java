package dev.latchkey.kv;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One handle of an engine.
final class SqlDatabase implements Database {
  static Database openFile(Path file, DatabaseOptions options) {
    return new SqlDatabase();
  }

  static Database openInMemory(DatabaseOptions options) {
    return new SqlDatabase();
  }

  @Override
  public <V> Store<V> store(StoreSpec<V> spec) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T, X extends Exception> T transact(Work<T, X> body) throws X {
    throw new UnsupportedOperationException();
  }

  @Override
  public <X extends Exception> void transact(Action<X> body) throws X {
    throw new UnsupportedOperationException();
  }

  @Override
  public int update(String sql, @Nullable Object... arguments) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> List<T> query(String sql, RowMapper<T> mapper, @Nullable Object... arguments) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
