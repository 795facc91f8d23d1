package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {

  private static final int COMMITS_BETWEEN_LOOKS = 8;

  @TempDir Path directory;
  private Engine engine;
  private Session writer;
  private final AtomicInteger copies = new AtomicInteger();
  private final AtomicInteger threads = new AtomicInteger();

  /// Opens a file whose log is long enough to be copied.
  @BeforeEach
  void open() throws Exception {
    engine = Engine.inMemory(DatabaseOptions.defaults());
    writer = openFile();
    writer.text("PRAGMA journal_mode = WAL");
    writer.text("PRAGMA wal_autocheckpoint = 0");
    writer.run("PRAGMA synchronous = OFF");
    Schema.create(writer);
    writer.run("CREATE TABLE large (value BLOB)");
    writer.run("INSERT INTO large VALUES (zeroblob(17 << 20))");
  }

  @AfterEach
  void close() throws Exception {
    writer.close();
    engine.shutDown();
  }

  @Test
  void copyThatFailsUnforeseenIsTriedAgain() throws Exception {
    Checkpoints checkpoints =
        new Checkpoints(engine, writer, this::openAtTheSecondTime, Checkpoints.platformThreads());

    lookAndWait(checkpoints);
    lookAndWait(checkpoints);

    assertThat(copies).hasValue(2);
    assertThat(framesNotCopied()).isZero();
    assertThat(engine.isStopped()).isFalse();
  }

  @Test
  void threadThatCanNotBeHadIsAskedForAgain() throws Exception {
    ThreadFactory scarce =
        work -> {
          if (threads.incrementAndGet() == 1) {
            throw new OutOfMemoryError("unable to create native thread, on purpose");
          }
          return Checkpoints.platformThreads().newThread(work);
        };
    Checkpoints checkpoints = new Checkpoints(engine, writer, this::openFile, scarce);

    lookAndWait(checkpoints);
    lookAndWait(checkpoints);

    assertThat(threads).hasValue(2);
    assertThat(framesNotCopied()).isZero();
    assertThat(engine.isStopped()).isFalse();
  }

  private static void lookAndWait(Checkpoints checkpoints) {
    for (int i = 0; i < COMMITS_BETWEEN_LOOKS; i++) {
      checkpoints.afterCommit();
    }
    checkpoints.close();
  }

  private Session openAtTheSecondTime() throws SQLException {
    if (copies.incrementAndGet() == 1) {
      throw new IllegalStateException("on purpose");
    }
    return openFile();
  }

  private Session openFile() throws SQLException {
    return Session.open("file:" + directory.resolve("data.db").toUri().getRawPath());
  }

  private long framesNotCopied() throws Exception {
    Long frames =
        writer.first("PRAGMA wal_checkpoint(NOOP)", row -> row.getLong(2) - row.getLong(3));
    return frames == null ? -1 : frames;
  }
}
