package dev.latchkey.kv;

import com.google.common.collect.testing.ConcurrentMapTestSuiteBuilder;
import com.google.common.collect.testing.TestStringMapGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.MapFeature;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import junit.framework.TestCase;
import junit.framework.TestSuite;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Guava's tests of what a ConcurrentMap does, all of them, each on a fresh store in a file. They
/// are of JUnit 3, so each becomes a dynamic test of ours.
@SuppressWarnings("JdkObsolete")
class StoreMapSuiteTest {

  private final AtomicInteger stores = new AtomicInteger();
  @TempDir Path directory;
  private Database database;

  @BeforeEach
  void open() {
    // Nothing here is about what survives a loss of power, and there are many stores to be made.
    DatabaseOptions options =
        DatabaseOptions.defaults().withDurability(DatabaseOptions.Durability.RELAXED);
    database = Database.open(directory.resolve("data.db"), options);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @TestFactory
  Stream<DynamicNode> asMapIsAConcurrentMap() {
    TestSuite suite =
        ConcurrentMapTestSuiteBuilder.using(new Stores())
            .named("asMap")
            .withFeatures(
                CollectionSize.ANY,
                MapFeature.GENERAL_PURPOSE,
                CollectionFeature.SUPPORTS_ITERATOR_REMOVE)
            .createTestSuite();
    return nodes(suite);
  }

  @SuppressWarnings("JdkObsolete") // Guava's suite is made of tests for JUnit 3.
  private static Stream<DynamicNode> nodes(TestSuite suite) {
    return Collections.list(suite.tests()).stream()
        .map(test ->
            switch (test) {
              case TestSuite inner ->
                  DynamicContainer.dynamicContainer(inner.getName(), nodes(inner));
              case TestCase one -> DynamicTest.dynamicTest(one.toString(), one::runBare);
              default -> throw new IllegalStateException("a test of another kind: " + test);
            });
  }

  private final class Stores extends TestStringMapGenerator {
    @Override
    protected Map<String, String> create(Map.Entry<String, String>[] entries) {
      int number = stores.incrementAndGet();
      database.drop("suite_" + (number - 1));
      Map<String, String> map =
          database.store(StoreSpec.of("suite_" + number, Codec.text())).asMap();
      Map<String, String> wanted = new LinkedHashMap<>();
      for (Map.Entry<String, String> entry : entries) {
        wanted.put(entry.getKey(), entry.getValue());
      }
      map.putAll(wanted);
      return map;
    }

    @Override
    public Iterable<Map.Entry<String, String>> order(List<Map.Entry<String, String>> entries) {
      return entries.stream().sorted(Map.Entry.comparingByKey()).toList();
    }
  }
}
