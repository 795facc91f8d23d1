package dev.latchkey.server.cli;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.StoreSpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The words that several commands of `latchkey kv` take, or one takes many of.
final class KvWords {
  private KvWords() {}

  /// The store that a command is about.
  static final class StoreName {
    @Parameters(paramLabel = "STORE", description = "The name of a store or of counters.")
    String name = "";
  }

  /// The entry that a command is about.
  static final class Address {
    @Parameters(
        paramLabel = "STORE",
        index = "0",
        description = "The name of a store or of counters.")
    String store = "";

    @Parameters(paramLabel = "KEY", index = "1", description = "The key: 1 to 512 bytes of text.")
    String key = "";
  }

  /// How `put` is to do it.
  static final class Put {
    @Option(names = "--hex", description = "VALUE is hexadecimal digits, two for each byte.")
    boolean hex;

    @Option(
        names = "--expire",
        paramLabel = "TIME",
        converter = Words.ToDuration.class,
        description = "Let the entry expire after that long: 500ms, 30s, 5m, 1h or 7d.")
    @Nullable Duration lifetime;

    @Option(names = "--create", description = "Make the store, and the file, if there is none.")
    boolean create;

    @Option(
        names = "--large",
        description = "With --create: make a store for values that mostly have 1 KiB or more.")
    boolean large;

    StoreSpec<byte[]> spec(String store) {
      StoreSpec<byte[]> spec = StoreSpec.of(store, Codec.bytes());
      return large ? spec.ofLargeValues() : spec;
    }

    Expiry expiry() {
      return lifetime == null ? Expiry.never() : Expiry.after(lifetime);
    }
  }

  /// What `scan` is asked for.
  static final class Scan {
    @Option(names = "--prefix", paramLabel = "P", description = "Only keys that begin with this.")
    String prefix = "";

    @Option(names = "--after", paramLabel = "KEY", description = "Only keys that come after this.")
    String after = "";

    @Option(
        names = "--limit",
        paramLabel = "N",
        converter = Words.ToNumber.class,
        description = "At most this many.")
    long limit = Long.MAX_VALUE;

    @Option(names = "--keys", description = "Print keys without their values.")
    boolean keysOnly;

    @Option(names = "--hex", description = "Print values as hexadecimal digits.")
    boolean hex;
  }
}
