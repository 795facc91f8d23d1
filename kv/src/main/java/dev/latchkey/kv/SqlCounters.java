package dev.latchkey.kv;

import org.jspecify.annotations.Nullable;

/// Counters kept as a table.
final class SqlCounters implements Counters {

  private final TableAccess access;
  private final Expiry expiry;
  private final CountersSql sql;

  SqlCounters(SqlDatabase database, Table table, Expiry expiry) {
    this.access = new TableAccess(database, table);
    this.expiry = expiry;
    this.sql = CountersSql.of(table.sqlName());
  }

  @Override
  public long get(String key) {
    Keys.require(key);
    Long count = access.read((session, now) -> find(session, key, now));
    return count == null ? 0 : count;
  }

  @Override
  public long add(String key, long delta) {
    Keys.require(key);
    return access.write(transaction -> {
      Long before = find(transaction, key);
      long sum = Math.addExact(before == null ? 0 : before, delta);
      store(transaction, key, before, sum);
      return sum;
    });
  }

  @Override
  public boolean tryAdd(String key, long delta, long max) {
    Keys.require(key);
    return access.write(transaction -> {
      Long before = find(transaction, key);
      long sum = Math.addExact(before == null ? 0 : before, delta);
      if (sum > max) {
        return false;
      }
      store(transaction, key, before, sum);
      return true;
    });
  }

  @Override
  public boolean remove(String key) {
    Keys.require(key);
    return access.write(transaction ->
        transaction.run(session -> session.change(sql.remove(), key, transaction.now())) == 1);
  }

  private @Nullable Long find(Transaction transaction, String key) {
    return transaction.<@Nullable Long>run(session -> find(session, key, transaction.now()));
  }

  private @Nullable Long find(Session session, String key, long now) throws java.sql.SQLException {
    return session.first(sql.select(), row -> row.getLong(1), key, now);
  }

  private void store(Transaction transaction, String key, @Nullable Long before, long sum) {
    if (before != null) {
      transaction.run(session -> session.change(sql.change(), sum, key));
      return;
    }
    Long deadline = Millis.deadline(expiry, transaction.now());
    if (deadline == null || deadline > transaction.now()) {
      transaction.run(session -> session.change(sql.set(), key, sum, deadline));
    }
  }
}
