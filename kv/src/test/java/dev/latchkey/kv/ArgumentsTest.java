package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.testing.NullPointerTester;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// No argument is null, unless it says that it may be.
class ArgumentsTest {

  private static final StoreSpec<String> WORDS = StoreSpec.of("words", Codec.text());

  @TempDir Path directory;

  @Test
  void nullIsRefusedWhereValuesAreMade() {
    NullPointerTester tester = tester();
    tester.testAllPublicStaticMethods(StoreSpec.class);
    tester.testAllPublicConstructors(StoreSpec.class);
    tester.testAllPublicInstanceMethods(WORDS);
    tester.testAllPublicStaticMethods(KeyRange.class);
    tester.testAllPublicConstructors(KeyRange.class);
    tester.testAllPublicStaticMethods(Expiry.class);
    tester.testAllPublicStaticMethods(Codec.class);
    tester.testAllPublicStaticMethods(Database.class);
    tester.testAllPublicConstructors(DatabaseOptions.class);
    tester.testAllPublicInstanceMethods(DatabaseOptions.defaults());
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void nullIsRefusedByADatabaseItsStoresAndItsCounters(Place place) throws Exception {
    try (Database database = place.open(directory, DatabaseOptions.defaults())) {
      Store<String> words = database.store(WORDS);
      NullPointerTester tester = tester();
      Method update = SqlDatabase.class.getMethod("update", String.class, Object[].class);
      Method query =
          SqlDatabase.class.getMethod(
              "query", String.class, Database.RowMapper.class, Object[].class);
      tester.testMethodParameter(database, update, 0);
      tester.testMethodParameter(database, query, 0);
      tester.ignore(update).ignore(query);
      tester.testAllPublicInstanceMethods(database);
      tester.testAllPublicInstanceMethods(words);
      tester.testAllPublicInstanceMethods(database.counters("hits", Expiry.never()));

      words.put("a", "1");
      assertThat(words.get("a")).contains("1");
    }
  }

  private NullPointerTester tester() {
    return new NullPointerTester()
        .setDefault(StoreSpec.class, WORDS)
        .setDefault(String.class, "words")
        .setDefault(int.class, 1)
        .setDefault(Path.class, directory.resolve("copy.db"))
        .setDefault(Codec.class, Codec.text())
        .setDefault(Expiry.class, Expiry.never())
        .setDefault(KeyRange.class, KeyRange.all())
        .setDefault(Duration.class, Duration.ofSeconds(1))
        .setDefault(Instant.class, Instant.EPOCH)
        .setDefault(Entry.class, new Entry<>("a", "1", 1, null))
        .setDefault(DatabaseOptions.class, DatabaseOptions.defaults())
        .setDefault(Database.RowMapper.class, row -> row.number(1))
        .setDefault(DatabaseListener.class, DatabaseListener.none())
        .setDefault(Function.class, Function.identity());
  }
}
