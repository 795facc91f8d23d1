package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of kv in the README, compiled and run.
class ReadmeTest {

  private static final Pattern SECTION = Pattern.compile("\n### kv: .*?(?=\n### )", Pattern.DOTALL);
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REGION =
      Pattern.compile("// The README " + "says:\n(.*?)// So far\\.", Pattern.DOTALL);

  @TempDir Path directory;

  @Test
  void examplesDoWhatTheySay() throws IOException {
    // The README says:
    Database database = Database.open(directory.resolve("app.db"));
    Store<String> sessions = database.store(StoreSpec.of("sessions", Codec.text()));
    sessions.put("ann", "blue"); // on the disk when this returns
    // So far.
    claim(sessions);
    sell(database, sessions);
    read(database, sessions, expire(database));
    operate(database);
    database.close();
  }

  private static void claim(Store<String> sessions) {
    // The README says:
    boolean mine = sessions.putIfAbsent("job 7", "ann");
    Entry<String> read = sessions.entry("job 7").orElseThrow();
    boolean replaced = sessions.compareAndSet(read, "bob");
    String owners = sessions.update("job 7", "", all -> all + " and eve");
    // So far.
    assertThat(mine).isTrue();
    assertThat(replaced).isTrue();
    assertThat(owners).isEqualTo("bob and eve");
  }

  private static Store<String> expire(Database database) {
    // The README says:
    Store<String> tokens =
        database.store(StoreSpec.of("tokens", Codec.text()).expireAfter(Duration.ofMinutes(30)));
    tokens.put("root", "t-1", Expiry.never());
    Counters calls = database.counters("calls", Expiry.after(Duration.ofHours(1)));
    boolean admitted = calls.tryAdd("ann", 1, 100); // false, with nothing changed, beyond 100
    // So far.
    assertThat(admitted).isTrue();
    assertThat(calls.tryAdd("ann", 100, 100)).isFalse();
    return tokens;
  }

  private static void sell(Database database, Store<String> sessions) {
    // The README says:
    database.update(
        "CREATE TABLE IF NOT EXISTS sale (id INTEGER PRIMARY KEY, who TEXT, what TEXT)");
    long sale =
        database.transact(() -> {
          sessions.remove("ann");
          return database
              .query(
                  "INSERT INTO sale (who, what) VALUES (?, ?) RETURNING id",
                  row -> row.number(1),
                  "ann",
                  "apple")
              .getFirst();
        });
    // So far.
    assertThat(sale).isEqualTo(1);
    assertThat(sessions.contains("ann")).isFalse();
  }

  private static void read(Database database, Store<String> sessions, Store<String> tokens) {
    // The README says:
    long both =
        database.snapshot(() -> sessions.count(KeyRange.all()) + tokens.count(KeyRange.all()));
    KeyRange jobs = KeyRange.prefix("job ");
    List<Entry<String>> page = sessions.scan(jobs, 100);
    while (!page.isEmpty()) {
      page.forEach(job -> System.out.println(job.key() + " is " + job.value()));
      page = sessions.scan(jobs.after(page.getLast().key()), 100);
    }
    ConcurrentMap<String, String> map = sessions.asMap();
    // So far.
    assertThat(both).isEqualTo(2);
    assertThat(map).containsOnlyKeys("job 7");
  }

  private void operate(Database database) throws IOException {
    // The README says:
    database.backupTo(directory.resolve("app-backup.db"));
    int removed = database.sweep(1_000);
    List<String> problems = database.check(); // empty if the file is sound
    long commits = database.stats().commits();
    DatabaseOptions options =
        DatabaseOptions.defaults().withListener(event -> System.out.println(event));
    // So far.
    assertThat(directory.resolve("app-backup.db")).isNotEmptyFile();
    assertThat(removed).isZero();
    assertThat(problems).isEmpty();
    assertThat(commits).isPositive();
    assertThat(options.listener()).isNotSameAs(DatabaseListener.none());
  }

  @Test
  void examplesAreThoseOfTheReadme() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("README.md"))) {
      root = Objects.requireNonNull(root.getParent(), "there is no README");
    }
    String readme = Files.readString(root.resolve("README.md"));
    String here = "kv/src/test/java/dev/latchkey/kv/ReadmeTest.java";

    Matcher section = SECTION.matcher(readme);
    assertThat(section.find()).isTrue();
    List<String> examples = found(EXAMPLE, section.group());

    assertThat(examples).hasSize(6).isEqualTo(found(REGION, Files.readString(root.resolve(here))));
  }

  /// Returns the texts that match, however they are broken into lines.
  private static List<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .map(match -> match.replaceAll("\\s+", " ").strip())
        .map(match -> match.replace("directory.resolve(", "Path.of("))
        .toList();
  }
}
