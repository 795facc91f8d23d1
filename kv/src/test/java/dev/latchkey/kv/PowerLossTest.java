package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.DatabaseOptions.Durability;
import dev.latchkey.kv.Disk.Naming;
import dev.latchkey.kv.PowerLossChild.Trouble;
import dev.latchkey.kv.PowerLossChild.Work;
import dev.latchkey.kv.TamperedConnection.Tampering;
import dev.latchkey.testkit.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("gcc")
class PowerLossTest {

  private static final long SEED = 20_300_101;
  private static final int STEPS = 48;

  private static Path library;

  @TempDir Path directory;
  private Path folder;

  @BeforeAll
  static void compile(@TempDir Path directory) throws Exception {
    library = Shim.compile(directory);
  }

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Folders.makeFast(directory);
  }

  @AfterEach
  void removeFolder() throws IOException {
    Folders.remove(folder);
  }

  @Test
  void nothingAcknowledgedIsLost() throws Exception {
    Trace trace = trace(new Work(Durability.EVERY_COMMIT, Tampering.NOTHING, STEPS));
    assertTellsAll(trace);

    PowerLoss.Report strict = cut(trace, Naming.BY_FOLDER, Scale.pick(200, 5_000, 500_000));
    PowerLoss.Report usual = cut(trace, Naming.BY_FILE_TOO, Scale.pick(50, 500, 50_000));

    assertNothingLost(strict);
    assertNothingLost(usual);
  }

  @Test
  void powerLostWhileTheFileIsMadeLeavesOneThatCanBeOpened() throws Exception {
    Trace whole = trace(new Work(Durability.EVERY_COMMIT, Tampering.NOTHING, STEPS));
    int logged = whole.events().indexOf(new Trace.Created("data.db-wal"));
    Trace making = new Trace(whole.events().subList(0, logged));

    PowerLoss.Report report = cut(making, Naming.BY_FOLDER, Scale.pick(150, 1_000, 10_000));

    assertNothingLost(report);
  }

  @Test
  void nothingAcknowledgedIsLostAfterACommitWhoseSyncFailed() throws Exception {
    Trace trace =
        trace(new Work(Durability.EVERY_COMMIT, Tampering.NOTHING, Trouble.COMMIT, 0, STEPS));

    PowerLoss.Report report = cut(trace, Naming.BY_FOLDER, Scale.pick(75, 1_000, 100_000));

    assertThat(trace.events()).hasAtLeastOneElementOfType(Trace.SyncFailed.class);
    assertNothingLost(report);
  }

  @Test
  void nothingAcknowledgedIsLostWhicheverSyncOrWriteFailed() throws Exception {
    int traces = Scale.pick(2, 20, 200);
    Random random = new Random(SEED);
    for (int i = 0; i < traces; i++) {
      Trouble trouble = i % 2 == 0 ? Trouble.SYNC : Trouble.WRITE;
      // The callers can't share so many commits that there are fewer calls.
      int nth = 1 + random.nextInt(trouble == Trouble.SYNC ? 15 : 60);
      Trace trace =
          trace(new Work(Durability.EVERY_COMMIT, Tampering.NOTHING, trouble, nth, STEPS));

      PowerLoss.Report report = cut(trace, Naming.BY_FOLDER, Scale.pick(25, 100, 1_000));

      assertThat(count(trace, e -> e instanceof Trace.Marked(String m) && m.startsWith("failed")))
          .isPositive();
      assertNothingLost(report);
    }
  }

  /// It is SQLite's, which doesn't look at what comes of it. Even power lost before our own leaves
  /// a file that can be opened: the journal of its making can't come back beside its first log.
  @Test
  void nothingAcknowledgedIsLostAfterASyncOfTheFolderThatFailed() throws Exception {
    Trace trace =
        trace(
            new Work(Durability.EVERY_COMMIT, Tampering.NOTHING, Trouble.SYNC_OF_FOLDER, 0, STEPS));

    Trace making = new Trace(trace.events().subList(0, firstCommit(trace)));

    PowerLoss.Report early = cut(making, Naming.BY_FOLDER, Scale.pick(150, 1_000, 10_000));
    PowerLoss.Report report = cut(trace, Naming.BY_FOLDER, Scale.pick(75, 1_000, 100_000));

    assertThat(count(trace, new Trace.SyncFailed(Trace.FOLDER)::equals)).isEqualTo(2);
    assertThat(making.events()).contains(new Trace.SyncFailed(Trace.FOLDER));
    assertNothingLost(early);
    assertNothingLost(report);
  }

  private static int firstCommit(Trace trace) {
    return trace.events().indexOf(new Trace.Marked("ack c0 1"));
  }

  @Test
  void relaxedLosesTheNewestOnly() throws Exception {
    Trace trace = trace(new Work(Durability.RELAXED, Tampering.NOTHING, STEPS));

    PowerLoss.Report report = cut(trace, Naming.BY_FOLDER, Scale.pick(75, 1_000, 100_000));

    assertThat(report.violations()).as("seed %d", SEED).isEmpty();
    assertThat(report.missing()).as("seed %d", SEED).isPositive();
  }

  @Test
  void writerThatDoesNotSyncIsFoundOut() throws Exception {
    Trace trace = trace(new Work(Durability.EVERY_COMMIT, Tampering.NO_SYNC, STEPS));

    PowerLoss.Report report;
    try (Quiet _ = Quiet.begin()) {
      report = cut(trace, Naming.BY_FOLDER, Scale.pick(50, 500, 5_000));
    }

    assertThat(report.missing()).as("seed %d", SEED).isPositive();
  }

  /// The trace is whole if it makes the very files that are there, and it has what the harness is
  /// for: commits that were shared, copies of the log, and a log that started over.
  private void assertTellsAll(Trace trace) throws IOException {
    Disk disk = new Disk(Naming.BY_FOLDER);
    trace.events().forEach(disk::apply);
    Map<String, byte[]> files = disk.present();
    assertThat(files.keySet())
        .containsExactlyInAnyOrder("data.db", "data.db-wal", "data.db.lock", "data.db.pid");
    for (var file : files.entrySet()) {
      assertThat(folder.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    long acknowledged = count(trace, e -> e instanceof Trace.Marked(String m) && m.startsWith("a"));
    long syncs = count(trace, new Trace.Synced("data.db-wal")::equals);
    assertThat(acknowledged).isGreaterThanOrEqualTo((long) STEPS * PowerLossChild.CALLERS);
    assertThat(syncs).isLessThan(acknowledged);
    assertThat(count(trace, new Trace.Removed("data.db-wal")::equals)).isEqualTo(2);
    long starts =
        count(
            trace,
            e -> e instanceof Trace.Written(String f, long at, _) && at == 0 && f.endsWith("-wal"));
    assertThat(starts).isGreaterThan(count(trace, new Trace.Created("data.db-wal")::equals));
  }

  private static long count(Trace trace, Predicate<Trace.Event> which) {
    return trace.events().stream().filter(which).count();
  }

  /// The threads of a child never run in the same order twice, so a trace in which something is
  /// lost is kept: with it the seed gives the same images again.
  private void assertNothingLost(PowerLoss.Report report) throws IOException {
    Path kept = Path.of("target", "power-loss.trace");
    if (!report.violations().isEmpty() || report.missing() > 0) {
      Files.copy(traceFile(), kept, StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(report.violations()).as("seed %d, %s", SEED, kept).isEmpty();
    assertThat(report.missing()).as("seed %d, %s", SEED, kept).isZero();
  }

  private Path traceFile() {
    return directory.resolve("trace");
  }

  private Trace trace(Work work) throws Exception {
    Folders.empty(folder);
    try (Child child = PowerLossChild.start(library, folder, traceFile(), work)) {
      assertThat(child.readLine()).isEqualTo("done");
    }
    return Trace.read(traceFile());
  }

  private PowerLoss.Report cut(Trace trace, Naming naming, int count) throws IOException {
    Folders.empty(folder);
    List<Script> scripts = PowerLossChild.scripts(STEPS);
    PowerLoss.Report report = new PowerLoss(trace, scripts, folder, SEED).cut(count, naming);
    System.out.printf(
        "power loss: seed=%d naming=%s images=%d incomplete=%d missing=%d violations=%d%n",
        SEED,
        naming,
        report.images(),
        report.incomplete(),
        report.missing(),
        report.violations().size());
    return report;
  }
}
