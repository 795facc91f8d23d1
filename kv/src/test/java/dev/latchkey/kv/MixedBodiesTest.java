package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.Scale;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Many callers at once, of whom some fail: whoever was told a success finds what was done, and
/// whoever was told a failure finds nothing.
@ParameterizedClass
@EnumSource(Place.class)
class MixedBodiesTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());
  private static final DatabaseOptions OPTIONS =
      DatabaseOptions.defaults().withLockTimeout(Duration.ofSeconds(30));
  private static final long SEED = 20_300_102;
  private static final int CALLERS = 64;
  private static final int BODIES = Scale.pick(25, 200, 2_000);
  private static final int OVERFLOWS = Scale.pick(8, 40, 400);

  private final Place place;
  @TempDir Path directory;
  private Database database;
  private Store<String> words;

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final Set<String> failed = ConcurrentHashMap.newKeySet();

  private enum Kind {
    COMMAND,
    SUCCEEDS,
    SWALLOWS_A_NESTED_FAILURE,
    SWALLOWS_A_REJECTION,
    THROWS_AN_EXCEPTION,
    THROWS_AN_ERROR,
    NESTED_THROWS,
    ROLLS_BACK
  }

  private static final List<Kind> OFTEN =
      Arrays.stream(Kind.values()).filter(kind -> kind != Kind.ROLLS_BACK).toList();

  MixedBodiesTest(Place place) {
    this.place = place;
  }

  @BeforeEach
  void open() {
    database = place.open(directory, OPTIONS);
    words = database.store(WORDS);
    database.update("CREATE TABLE note (text TEXT UNIQUE)");
    database.update(
        """
        CREATE TRIGGER bomb BEFORE INSERT ON note WHEN NEW.text = 'bomb'
        BEGIN SELECT RAISE(ROLLBACK, 'boom'); END
        """);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void everySuccessOfManyCallersIsThereAndNoFailure() throws Exception {
    Callers platform = Callers.onPlatformThreads();
    Callers virtual = Callers.onVirtualThreads();
    for (int i = 0; i < CALLERS; i++) {
      int caller = i;
      (i % 2 == 0 ? platform : virtual).start(() -> callOften(caller));
    }

    assertThat(platform.join()).as("seed %d", SEED).isEmpty();
    assertThat(virtual.join()).as("seed %d", SEED).isEmpty();

    assertThat(done.size() + failed.size()).isEqualTo(CALLERS * BODIES);
    assertThat(done.size()).isGreaterThan(CALLERS * BODIES / 4);
    assertThat(failed.size()).isGreaterThan(CALLERS * BODIES / 10);
    assertExactlyTheDoneAreThere();
  }

  private void callOften(int caller) {
    Random random = new Random(SEED + caller);
    for (int i = 0; i < BODIES; i++) {
      // A few of all undo their whole group, which is most of those who call just then.
      int draw = random.nextInt(500);
      Kind kind = draw == 0 ? Kind.ROLLS_BACK : OFTEN.get(draw % OFTEN.size());
      String name = kind + "-" + caller + "-" + i;
      try {
        call(kind, name);
        done.add(name);
      } catch (OnPurpose | OnPurposeError e) {
        failed.add(name);
      } catch (KvException.Unavailable e) {
        // In a group which was undone.
        assertThat(e).hasMessageContaining("nothing was changed");
        failed.add(name);
      }
    }
  }

  private static final class OnPurpose extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private static final class OnPurposeError extends Error {
    private static final long serialVersionUID = 1L;
  }

  private void call(Kind kind, String name) throws OnPurpose {
    if (kind == Kind.COMMAND) {
      words.put(name, "done");
      return;
    }
    database.transact(() -> {
      words.put(name, "done");
      switch (kind) {
        case COMMAND, SUCCEEDS -> {}
        case SWALLOWS_A_NESTED_FAILURE -> swallow(() -> failNested(name));
        case SWALLOWS_A_REJECTION ->
            swallow(() -> database.update("INSERT INTO note VALUES (?), (?)", name, name));
        case THROWS_AN_EXCEPTION -> throw new OnPurpose();
        case THROWS_AN_ERROR -> throw new OnPurposeError();
        case NESTED_THROWS -> failNested(name);
        case ROLLS_BACK -> swallow(() -> database.update("INSERT INTO note VALUES ('bomb')"));
      }
      swallow(() -> words.put(name, "again"));
      if (kind != Kind.ROLLS_BACK) {
        database.update("INSERT INTO note VALUES (?)", name);
      }
    });
  }

  private void failNested(String name) throws OnPurpose {
    database.transact(() -> {
      words.put(name + "-nested", "lost");
      throw new OnPurpose();
    });
  }

  private static void swallow(Callers.Task task) {
    try {
      task.run();
    } catch (Exception e) {
      assertThat(e)
          .isInstanceOfAny(
              OnPurpose.class, KvException.Rejected.class, KvException.Unavailable.class);
    }
  }

  private void assertExactlyTheDoneAreThere() {
    if (place == Place.FILE) {
      database.close();
      database = place.open(directory, OPTIONS);
    }
    Set<String> withNote = new HashSet<>(done);
    withNote.removeIf(name -> name.startsWith(Kind.COMMAND.name()));
    assertThat(database.query("SELECT key FROM kv_entries_words", Place::text))
        .as("seed %d", SEED)
        .containsExactlyInAnyOrderElementsOf(done);
    assertThat(database.query("SELECT text FROM note", Place::text))
        .as("seed %d", SEED)
        .containsExactlyInAnyOrderElementsOf(withNote);
  }

  /// Wherever in our code or the driver's the stack ends.
  @Test
  void stackThatEndsAnywhereIsNobodysFalseSuccess() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Callers neighbours = Callers.onPlatformThreads();
    neighbours.start(() -> {
      for (int i = 0; i < 10_000 && !over.get(); i++) {
        putAndTakeNote("neighbour-" + i);
      }
    });
    for (int i = 0; i < OVERFLOWS; i++) {
      String name = "deep-" + i;
      int padding = i;
      Thread deep = new Thread(null, () -> pad(padding, name), name, 256 << 10);
      deep.start();
      deep.join();
    }
    over.set(true);

    assertThat(neighbours.join()).isEmpty();

    assertThat(done).isNotEmpty();
    assertThat(failed).isNotEmpty();
    assertExactlyTheKeysOfTheDoneAreThere();
    words.put("later", "works");
  }

  private void putAndTakeNote(String name) {
    try {
      words.put(name, "done");
      done.add(name);
    } catch (KvException.Unavailable e) {
      failed.add(name);
    }
  }

  /// Has the stack end somewhere else each time.
  private void pad(int frames, String name) {
    if (frames > 0) {
      pad(frames - 1, name);
      return;
    }
    try {
      database.transact(() -> {
        words.put(name, "done");
        descend(name, 0);
      });
      done.add(name);
    } catch (StackOverflowError | KvException e) {
      failed.add(name);
    }
  }

  private void descend(String name, int depth) {
    database.transact(() -> {
      words.put(name, String.valueOf(depth));
      descend(name, depth + 1);
    });
  }

  private void assertExactlyTheKeysOfTheDoneAreThere() {
    if (place == Place.FILE) {
      database.close();
      database = place.open(directory, OPTIONS);
      words = database.store(WORDS);
    }
    assertThat(database.query("SELECT key FROM kv_entries_words", Place::text))
        .containsExactlyInAnyOrderElementsOf(done);
  }
}
