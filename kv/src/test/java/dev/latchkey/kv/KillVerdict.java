package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Compares what is in a file after kills with what was said before them: whatever was reported as
/// done is there, no part of a transaction is, and nothing else.
final class KillVerdict {

  private final Database database;
  private final Path directory;
  private final KillRecord record;
  private final Store<String> left;
  private final Store<String> right;

  private KillVerdict(Database database, Path directory, KillRecord record) {
    this.database = database;
    this.directory = directory;
    this.record = record;
    left = database.store(KillChild.LEFT);
    right = database.store(KillChild.RIGHT);
    database.update("CREATE TABLE IF NOT EXISTS pair (name TEXT PRIMARY KEY)");
  }

  static void on(Database database, Path directory, KillRecord record) {
    KillVerdict verdict = new KillVerdict(database, directory, record);
    verdict.checkFile();
    verdict.checkPuts();
    verdict.checkPairs();
    verdict.checkSlots();
    verdict.checkCounts();
    verdict.checkGrowth();
    verdict.checkStoresAndTables();
    verdict.checkDropped();
    verdict.checkSwept();
    verdict.checkBackups();
  }

  private void checkFile() {
    assertThat(texts("SELECT * FROM pragma_integrity_check")).as("integrity").containsExactly("ok");
    assertThat(number("SELECT * FROM pragma_user_version")).as("schema").isEqualTo(2);
    assertThat(
            texts(
                """
                SELECT name FROM kv_stores WHERE 'kv_expiry_of_kv_' || kind || '_' || name
                NOT IN (SELECT name FROM sqlite_schema WHERE type = 'index')
                """))
        .as("stores without their index")
        .isEmpty();
    String entries =
        """
        SELECT version FROM kv_entries_left_store
        UNION ALL SELECT version FROM kv_entries_right_store
        """;
    assertThat(number("SELECT count(*) - count(DISTINCT version) FROM (" + entries + ")"))
        .as("versions that two entries share")
        .isZero();
    assertThat(number("SELECT coalesce(max(version), 0) FROM (" + entries + ")"))
        .as("the highest version")
        .isLessThanOrEqualTo(number("SELECT value FROM kv_meta WHERE name = 'version'"));
  }

  private void checkPuts() {
    Set<String> there = namesIn("kv_entries_left_store", "key", "put-");
    assertThat(there).as("acknowledged puts").containsAll(record.done("put"));
    assertThat(record.tried("put")).as("puts").containsAll(there);
    for (String name : there) {
      assertThat(left.get("put-" + name).orElseThrow()).startsWith(name + " x");
    }
  }

  private void checkPairs() {
    Set<String> lefts = namesIn("kv_entries_left_store", "key", "pair-");
    assertThat(namesIn("kv_entries_right_store", "key", "pair-")).as("pairs").isEqualTo(lefts);
    assertThat(namesIn("pair", "name", "")).as("pairs and rows").isEqualTo(lefts);
    assertThat(lefts).as("acknowledged pairs").containsAll(record.done("pair"));
    assertThat(record.tried("pair")).as("pairs").containsAll(lefts);
  }

  private void checkSlots() {
    Map<String, Integer> tried = lastOfEach(record.tried("slot"));
    Map<String, Integer> done = lastOfEach(record.done("slot"));
    tried.forEach((caller, last) -> {
      String found = right.get("slot-" + caller).orElse("none");
      Set<String> possible = new HashSet<>();
      possible.add(contentOf(done.getOrDefault(caller, -1)));
      possible.add(contentOf(last));
      assertThat(possible).as("slot of %s", caller).contains(found);
    });
  }

  private static String contentOf(int slot) {
    return slot < 0 || slot % 4 == 3 ? "none" : String.valueOf(slot);
  }

  /// Returns the last number of each caller.
  private static Map<String, Integer> lastOfEach(Set<String> writes) {
    Map<String, Integer> last = new HashMap<>();
    for (String write : writes) {
      String[] words = write.split(" ", 2);
      last.merge(words[0], Integer.parseInt(words[1]), Math::max);
    }
    return last;
  }

  private void checkCounts() {
    long count = Long.parseLong(left.get("count").orElse("0"));
    assertThat(count)
        .as("the count")
        .isBetween((long) record.done("count").size(), (long) record.tried("count").size());
    assertThat(database.counters("hits", Expiry.never()).get("hits"))
        .as("the counter")
        .isBetween((long) record.done("hit").size(), (long) record.tried("hit").size());
  }

  private void checkGrowth() {
    Store<byte[]> bulk = database.store(KillChild.BULK);
    for (String growth : record.tried("grow")) {
      String[] words = growth.split(" ", 2);
      long there = bulk.count(KeyRange.prefix("bulk-" + words[0] + "-"));
      long whole = Long.parseLong(words[1]);
      assertThat(there).as("growth").isIn(0L, whole);
      assertThat(there == whole || !record.done("grow").contains(growth)).isTrue();
    }
  }

  private void checkStoresAndTables() {
    assertThat(database.storeNames()).containsAll(record.done("store"));
    Set<String> tables = namesIn("kv_entries_left_store", "key", "table-");
    assertThat(tables).as("acknowledged tables").containsAll(record.done("table"));
    assertThat(namesIn("sqlite_schema WHERE name LIKE 'own!_%' ESCAPE '!'", "name", ""))
        .as("tables and their entries")
        .isEqualTo(tables);
    for (String table : tables) {
      assertThat(number("SELECT count(*) FROM " + table)).isEqualTo(1);
    }
  }

  private void checkDropped() {
    List<String> names = database.storeNames();
    assertThat(record.done("drop")).as("dropped").noneMatch(names::contains);
    for (String name : record.tried("fill")) {
      if (!names.contains(name)) {
        assertThat(record.done("fill").contains(name) && !record.tried("drop").contains(name))
            .as("%s is missing", name)
            .isFalse();
        continue;
      }
      Store<String> doomed = database.store(StoreSpec.of(name, Codec.text()));
      assertThat(doomed.count(KeyRange.all())).as(name).isEqualTo(KillDeeds.DOOMED);
    }
  }

  private void checkSwept() {
    Store<String> brief = database.store(KillChild.BRIEF);
    while (brief.count(KeyRange.all()) > 0) {
      Thread.onSpinWait();
    }
    database.sweep(100_000);
    assertThat(number("SELECT count(*) FROM kv_entries_brief")).as("swept").isZero();
  }

  private void checkBackups() {
    for (String name : record.tried("backup")) {
      Path backup = directory.resolve(name);
      assertThat(Files.exists(backup) || !record.done("backup").contains(name))
          .as("%s is there", name)
          .isTrue();
      if (Files.exists(backup)) {
        try (Database copy = Database.open(backup)) {
          assertThat(copy.query("SELECT * FROM pragma_integrity_check", Place::text))
              .containsExactly("ok");
        }
      }
    }
  }

  private Set<String> namesIn(String table, String column, String prefix) {
    Set<String> names = new TreeSet<>();
    for (String name : texts("SELECT " + column + " FROM " + table)) {
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }

  private List<String> texts(String sql) {
    return database.query(sql, Place::text);
  }

  private long number(String sql) {
    return database.query(sql, row -> row.number(1)).getFirst();
  }
}
