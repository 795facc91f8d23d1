package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRoomTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final long FIRST_ROOM = 256 << 10;
  private static final int COMMITS_BETWEEN_LOOKS = 8;

  @TempDir Path directory;

  @Test
  void logIsLongerThanWhatIsInItAfterAFewCommits() throws Exception {
    try (Database database = Database.open(file())) {
      Store<String> words = database.store(WORDS);

      putSome(words, COMMITS_BETWEEN_LOOKS);

      assertThat(Files.size(log())).isGreaterThan(FIRST_ROOM);
    }
  }

  @Test
  void commitsWithinTheRoomDoNotMakeTheFileLonger() throws Exception {
    try (Database database = Database.open(file())) {
      Store<String> words = database.store(WORDS);
      putSome(words, COMMITS_BETWEEN_LOOKS);
      long length = Files.size(log());

      putSome(words, COMMITS_BETWEEN_LOOKS / 2);

      assertThat(Files.size(log())).isEqualTo(length);
    }
  }

  @Test
  void nothingOfTheRoomIsSeenAfterwards() throws Exception {
    try (Database database = Database.open(file())) {
      putSome(database.store(WORDS), COMMITS_BETWEEN_LOOKS);

      assertThat(database.storeNames()).containsExactly("words");
      assertThat(database.check()).isEmpty();
    }
    try (Database again = Database.open(file())) {
      assertThat(again.store(WORDS).count(KeyRange.all())).isEqualTo(COMMITS_BETWEEN_LOOKS);
      assertThat(Files.size(file())).isLessThan(FIRST_ROOM);
    }
  }

  @Test
  void whatFailsIsNotHiddenByWhatSqliteHasUndoneAlready() throws Exception {
    try (Session session = Session.open("file:" + file().toUri().getRawPath())) {
      session.text("PRAGMA journal_mode = WAL");
      Schema.create(session);
      session.text("PRAGMA max_page_count = 100");
      LogRoom room = new LogRoom(session, 4_120, 1_000);

      SQLException e = catchThrowableOfType(SQLException.class, () -> room.makeRoom(10));

      assertThat(SqlFailure.of(e)).isEqualTo(SqlFailure.FATAL);
      assertThat(session.isInTransaction()).isFalse();
    }
  }

  private static void putSome(Store<String> words, int many) {
    for (int i = 0; i < many; i++) {
      words.put("key-" + i, "value");
    }
  }

  private Path file() {
    return directory.resolve("data.db");
  }

  private Path log() {
    return directory.resolve("data.db-wal");
  }
}
