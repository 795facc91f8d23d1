package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is compared does the same thing everywhere.
final class ContenderTest {
  private static final Keys KEYS = new Keys(100);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void findsWhatWasLoadedAndPutAfterOpeningAgain(Peer peer) throws Exception {
    byte[] value = new Values(7, 1024).next();
    String loaded = KEYS.all().getFirst();
    try (Contender contender = peer.open(folder, true)) {
      contender.load(KEYS.all(), new Values(3, 100));
      put(contender, "mine", value);
    }

    try (Contender contender = peer.open(folder, false)) {
      assertThat(get(contender, "mine")).isEqualTo(value);
      assertThat(get(contender, loaded)).isEqualTo(new Values(3, 100).next());
    }
  }

  @ParameterizedTest
  @EnumSource
  void putReplacesTheValue(Peer peer) throws Exception {
    Values values = new Values(7, 100);
    try (Contender contender = peer.open(folder, true)) {
      put(contender, "key", values.next());
      byte[] second = values.next().clone();

      put(contender, "key", second);

      assertThat(get(contender, "key")).isEqualTo(second);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneClientSeesWhatAnotherPutAfterItsFirstGet(Peer peer) throws Exception {
    try (Contender contender = peer.open(folder, true)) {
      put(contender, "key", new byte[] {1});
      Contender.Client reader = contender.client();
      byte[] before = reader.get("key");

      Thread.ofPlatform()
          .start(() -> {
            try {
              put(contender, "key", new byte[] {2});
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          })
          .join();

      assertThat(before).containsExactly(1);
      assertThat(reader.get("key")).containsExactly(2);
      reader.leave();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyThatIsAbsentIsSaidToBe(Peer peer) throws Exception {
    try (Contender contender = peer.open(folder, true)) {
      assertThatThrownBy(() -> get(contender, "nowhere"))
          .isInstanceOf(NoSuchElementException.class)
          .hasMessageContaining("nowhere");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCopyOfTheFolderIsTheSameDatabase(Peer peer) throws Exception {
    try (Folders folders = new Folders(folder, KEYS)) {
      Path first = folders.prepared(peer, 100);
      try (Contender contender = peer.open(first, true)) {
        put(contender, KEYS.all().getFirst(), new byte[] {1});
      }

      Path second = folders.prepared(peer, 100);

      assertThat(second).isNotEqualTo(first);
      try (Contender contender = peer.open(second, true)) {
        assertThat(get(contender, KEYS.all().getFirst())).hasSize(100);
      }
    }
  }

  private static void put(Contender contender, String key, byte[] value) throws Exception {
    Contender.Client client = contender.client();
    client.put(key, value);
    client.leave();
  }

  private static byte[] get(Contender contender, String key) throws Exception {
    Contender.Client client = contender.client();
    try {
      return client.get(key);
    } finally {
      client.leave();
    }
  }
}
