package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {

  private static final int ROUNDS = 5;
  private static final long SEED = 20_300_101;

  @TempDir Path directory;

  @Test
  void everyAcknowledgedWriteIsThereAfterAKillAndNoPartOfATransaction() throws Exception {
    Path file = directory.resolve("data.db");
    Random random = new Random(SEED);
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      int before = acknowledged.size();

      acknowledged.addAll(writeUntilKilled(file, round, 50 + random.nextInt(1_500)));

      assertThat(acknowledged).as("seed %d", SEED).hasSizeGreaterThan(before);
      check(file, acknowledged);
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA integrity_check")) {
      assertThat(result.getString(1)).isEqualTo("ok");
    }
  }

  private static List<String> writeUntilKilled(Path file, int round, int writes) throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (Child child =
        Child.start(Child.WriterOfPairs.class, file.toString(), String.valueOf(round))) {
      String line = child.readLine();
      while (line != null) {
        if (line.startsWith("ack ") && line.endsWith(" ok")) {
          acknowledged.add(line.split(" ", -1)[1]);
        }
        if (acknowledged.size() == writes) {
          child.kill();
        }
        line = child.readLine();
      }
    }
    return acknowledged;
  }

  private static void check(Path file, List<String> acknowledged) {
    try (Database database = Database.open(file)) {
      Store<String> left = database.store(StoreSpec.of("left_store", Codec.text()));
      assertThat(acknowledged).allMatch(left::contains);
      long pairs = database.query("SELECT count(*) FROM pair", row -> row.number(1)).getFirst();
      long whole =
          database
              .query(
                  """
                  SELECT count(*) FROM pair
                  JOIN kv_entries_left_store USING (key)
                  JOIN kv_entries_right_store USING (key)
                  """
                      .replace("FROM pair", "FROM (SELECT name AS key FROM pair)"),
                  row -> row.number(1))
              .getFirst();
      long singles = acknowledged.stream().filter(name -> name.startsWith("single-")).count();
      long lefts =
          database
              .query(
                  "SELECT count(*) FROM kv_entries_left_store WHERE key NOT LIKE 'single-%'",
                  row -> row.number(1))
              .getFirst();
      assertThat(whole).isEqualTo(pairs).isEqualTo(lefts);
      assertThat(pairs).isGreaterThanOrEqualTo(acknowledged.size() - singles);
      assertThat(
              database.query(
                  "SELECT count(*), count(DISTINCT version) FROM (SELECT version FROM"
                      + " kv_entries_left_store UNION ALL SELECT version FROM"
                      + " kv_entries_right_store)",
                  row -> row.number(1) - row.number(2)))
          .containsExactly(0L);
    }
  }
}
