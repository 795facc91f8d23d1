package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The inbox's tables and how they came to be: each migration takes them one version further, and
/// is never changed once it was released.
final class Schema {

  private static final String CREATE_VERSION =
      "CREATE TABLE IF NOT EXISTS latchkey_schema (version {long} NOT NULL) {strict}";
  private static final String READ_VERSION = "SELECT version FROM latchkey_schema";
  private static final String FIRST_VERSION = "INSERT INTO latchkey_schema (version) VALUES (0)";
  private static final String WRITE_VERSION = "UPDATE latchkey_schema SET version = ?";

  private static final List<Migration> MIGRATIONS = List.of(Schema::first, Schema::second);

  private final Database database;
  private final Sql sql;

  private Schema(Database database) {
    this.database = database;
    this.sql = Sql.of(database.dialect());
  }

  /// One step from a version to the next.
  @FunctionalInterface
  private interface Migration {
    void apply(Schema schema);
  }

  /// Brings the tables to the version of this release, within the caller's transaction.
  ///
  /// @throws InboxException.Unusable if they are of a later version
  static void migrate(Database database) {
    migrate(database, MIGRATIONS.size());
  }

  /// Brings the tables to that version, which may be one of the past, to test what comes after it.
  static void migrate(Database database, int target) {
    Schema schema = new Schema(database);
    schema.update(CREATE_VERSION);
    int version = schema.version();
    if (version > target) {
      throw new InboxException.Unusable(
          "the inbox's tables have version %d, and this release knows versions up to %d"
              .formatted(version, target));
    }
    if (version < target) {
      MIGRATIONS.subList(version, target).forEach(migration -> migration.apply(schema));
      database.update(WRITE_VERSION, target);
    }
  }

  private int version() {
    List<Long> versions = database.query(READ_VERSION, row -> row.number(1));
    if (!versions.isEmpty()) {
      return Math.toIntExact(versions.getFirst());
    }
    database.update(FIRST_VERSION);
    return 0;
  }

  private void update(String statement) {
    database.update(sql.text(statement));
  }

  private void first() {
    FirstSchema.STATEMENTS.forEach(this::update);
  }

  private void second() {
    SecondSchema.SET_ASIDE.forEach(this::update);
    SecondSchema.TABLES.forEach(this::update);
    SecondSchema.ADDITIONS.forEach(this::update);
    SecondSchema.COPIES.forEach(this::update);
    if (database.dialect() == Database.Dialect.SQLITE) {
      update(SecondSchema.COUNT_ON);
    }
    SecondSchema.INDICES.forEach(this::update);
    linesOfTheFirst();
    SecondSchema.LEFTOVERS.forEach(this::update);
  }

  // Limits stood in rows of their own before; and no lane had a front.
  private void linesOfTheFirst() {
    Lines lines = new Lines(database);
    Charges charges = new Charges(database, lines);
    Works works = new Works(database, lines, charges, new Causes(database));
    limitsOfTheFirst()
        .forEach((id, demands) ->
            works
                .find(id)
                .ifPresent(work -> {
                  database.update(
                      "UPDATE latchkey_work SET limits = ? WHERE id = ?", Demand.text(demands), id);
                  if (!work.state().isTerminal()) {
                    long line =
                        lines.join(work.kind(), Demand.text(charges.unsettled(id, demands)));
                    database.update("UPDATE latchkey_work SET line = ? WHERE id = ?", line, id);
                  }
                }));
    database
        .query(
            "SELECT DISTINCT lane FROM latchkey_work WHERE state = 'READY'",
            row -> Work.text(row, 1))
        .forEach(works::offer);
  }

  private Map<Long, List<Demand>> limitsOfTheFirst() {
    Map<Long, List<Demand>> limits = new TreeMap<>();
    database.query(
        "SELECT work, bucket, units, window_millis FROM latchkey_limit",
        row -> {
          Window window = Window.ofText(Long.toString(row.number(4)));
          Limit limit = new Limit(Work.text(row, 2), row.number(3), window);
          return limits
              .computeIfAbsent(row.number(1), _ -> new ArrayList<>())
              .add(Demand.ofWork(limit));
        });
    return limits;
  }
}
