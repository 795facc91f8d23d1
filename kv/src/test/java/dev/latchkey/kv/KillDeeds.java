package dev.latchkey.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What a child's main thread does while its callers write. [KillVerdict] knows what must be there
/// of it.
final class KillDeeds {

  /// The entries of a store that is to be dropped.
  static final int DOOMED = 20;

  /// What is written at once to make the log so long that copying it takes a while.
  static final int GROWTH = 40;

  /// The same, but less than what is copied before the file is closed.
  static final int GROWTH_BEFORE_CLOSE = 12;

  private final Database database;
  private final Path file;
  private final String round;
  private final KillWrites writes;

  KillDeeds(Database database, Path file, String round, KillWrites writes) {
    this.database = database;
    this.file = file;
    this.round = round;
    this.writes = writes;
  }

  void perform(KillPoint.Deed deed) {
    switch (deed) {
      case OPEN, MIGRATE, WRITE -> {}
      case GROW -> grow(GROWTH);
      case CREATE_A_STORE -> createStore(round);
      case CREATE_A_TABLE -> createTable(round);
      case SWEEP -> sweep();
      case DROP -> drop(round);
      case BACK_UP -> {
        grow(GROWTH);
        backUp(round);
      }
      case CLOSE -> {
        writes.end();
        database.close();
      }
      case GROW_AND_CLOSE -> {
        writes.end();
        grow(GROWTH_BEFORE_CLOSE);
        database.close();
      }
      case EVERYTHING -> doEverythingForEver();
    }
  }

  private void doEverythingForEver() {
    for (int n = 0; ; n++) {
      String name = round + "_" + n;
      createStore(name);
      createTable(name);
      sweep();
      drop(name);
      backUp(name);
      // A handle more of the same engine.
      KillChild.say(KillChild.SECOND_HANDLE);
      Database.open(file).close();
    }
  }

  private void grow(int mebibytes) {
    Store<byte[]> bulk = database.store(KillChild.BULK);
    writes.done(
        "grow",
        round + " " + mebibytes,
        () ->
            database.transact(() -> {
              for (int i = 0; i < mebibytes; i++) {
                bulk.put("bulk-" + round + "-" + i, new byte[1 << 20]);
              }
            }));
  }

  private void createStore(String name) {
    writes.done(
        "store",
        "late_" + name,
        () -> database.store(StoreSpec.of("late_" + name, Codec.text())).put("a", "1"));
  }

  private void createTable(String name) {
    String table = "own_" + name;
    writes.done(
        "table",
        table,
        () ->
            database.transact(() -> {
              database.update("CREATE TABLE " + table + " (a)");
              database.update("INSERT INTO " + table + " VALUES (1)");
              database.store(KillChild.LEFT).put("table-" + table, "1");
            }));
  }

  private void sweep() {
    Store<String> brief = database.store(KillChild.BRIEF);
    Map<String, String> entries = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      entries.put("brief-" + i, "x".repeat(100));
    }
    brief.putAll(entries);
    while (brief.contains("brief-0")) {
      Thread.onSpinWait();
    }
    database.sweep(1_000);
  }

  private void drop(String name) {
    StoreSpec<String> doomed = StoreSpec.of("doomed_" + name, Codec.text());
    writes.done(
        "fill",
        doomed.name(),
        () ->
            database.transact(() -> {
              Store<String> store = database.store(doomed);
              for (int i = 0; i < DOOMED; i++) {
                store.put("key-" + i, "1");
              }
            }));
    writes.done("drop", doomed.name(), () -> database.drop(doomed.name()));
  }

  private void backUp(String name) {
    Path target = file.resolveSibling("backup-" + name + ".db");
    writes.done(
        "backup",
        target.getFileName().toString(),
        () -> {
          try {
            database.backupTo(target);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
