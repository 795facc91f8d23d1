package dev.latchkey.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.Counters;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.DatabaseOptions;
import dev.latchkey.kv.Expiry;
import dev.latchkey.kv.Store;
import dev.latchkey.kv.StoreSpec;
import dev.latchkey.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A store file, filled through the library and looked at with `latchkey kv`.
final class KvBench {
  final Path file;
  final ManualClock clock = ManualClock.at("2026-11-01T12:00:00Z");

  KvBench(Path file) {
    this.file = file;
  }

  /// Does something with the file as an application would.
  void with(Consumer<Database> work) {
    try (Database database = Database.open(file, DatabaseOptions.defaults().withClock(clock))) {
      work.accept(database);
    }
  }

  static Store<String> texts(Database database, String name) {
    return database.store(StoreSpec.of(name, Codec.text()));
  }

  static Counters counters(Database database, String name) {
    return database.counters(name, Expiry.never());
  }

  /// Runs the command on this file.
  CommandRun run(String... words) {
    return onInput("", words);
  }

  CommandRun onInput(String input, String... words) {
    return run(input.getBytes(StandardCharsets.UTF_8), false, words);
  }

  /// Runs it with a person looking at the output.
  CommandRun watched(String... words) {
    return run(new byte[0], true, words);
  }

  CommandRun run(byte[] input, boolean watched, String... words) {
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    arguments.addAll(Arrays.asList(words));
    CommandRun.Stage stage =
        new CommandRun.Stage(new ByteArrayInputStream(input), Map.of(), watched);
    return CommandRun.of(
        terminal -> new KvCommand(terminal, clock), stage, arguments.toArray(String[]::new));
  }

  static void assertPrints(CommandRun run, String out) {
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo(out);
    assertThat(run.exitCode()).isZero();
  }

  /// One line, nothing on standard output.
  static void assertFails(CommandRun run, int exitCode, String... parts) {
    assertThat(List.of(parts)).allSatisfy(part -> assertThat(run.err()).contains(part));
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(exitCode);
  }
}
