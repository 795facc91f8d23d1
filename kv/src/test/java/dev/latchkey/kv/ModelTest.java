package dev.latchkey.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.latchkey.testkit.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Whatever is done, a database answers as plain maps would. jqwik prints the seed, and makes the
/// steps that failed as few as it can.
class ModelTest {

  private static final int STEPS = Scale.pick(25, 120, 400);

  @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
  void databaseInMemoryAnswersAsAModelDoes(@ForAll("steps") List<ModelRun.Step> steps)
      throws IOException {
    run(Place.MEMORY, steps);
  }

  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void databaseInAFileAnswersAsAModelDoes(@ForAll("steps") List<ModelRun.Step> steps)
      throws IOException {
    run(Place.FILE, steps);
  }

  /// Such steps would find a database that keeps what a failed part of a transaction did.
  @Example
  void modelThatKeepsWhatWasUndoneIsFoundOut() {
    List<Throwable> found =
        steps()
            .sampleStream()
            .limit(200)
            .map(steps -> catchThrowable(() -> run(Place.MEMORY, steps, true)))
            .filter(Objects::nonNull)
            .limit(1)
            .toList();

    assertThat(found).singleElement().isInstanceOf(AssertionError.class);
  }

  private static void run(Place place, List<ModelRun.Step> steps) throws IOException {
    run(place, steps, false);
  }

  private static void run(Place place, List<ModelRun.Step> steps, boolean keepingUndone)
      throws IOException {
    Path directory = Files.createTempDirectory("latchkey-model");
    try (ModelRun run = new ModelRun(place, directory, keepingUndone)) {
      run.run(steps);
    } finally {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  @Provide
  Arbitrary<List<ModelRun.Step>> steps() {
    return Arbitraries.frequencyOf(
            List.of(
                Tuple.of(12, single()),
                Tuple.of(2, nested(nested(single()))),
                Tuple.of(1, apart())))
        .list()
        .ofMinSize(1)
        .ofMaxSize(STEPS);
  }

  /// Steps of their own and transactions of such steps.
  private static Arbitrary<ModelRun.Step> nested(Arbitrary<ModelRun.Step> inner) {
    Arbitrary<ModelRun.Step> transaction =
        Combinators.combine(inner.list().ofMaxSize(6), Arbitraries.of(false, false, true))
            .as((steps, fails) ->
                named(
                    "transact " + steps + (fails ? " and fail" : ""),
                    run -> run.transact(steps, fails)));
    return Arbitraries.frequencyOf(List.of(Tuple.of(3, inner), Tuple.of(1, transaction)));
  }

  private static Arbitrary<ModelRun.Step> apart() {
    return Arbitraries.of(named("reopen", ModelRun::reopen), named("snapshot", ModelRun::snapshot));
  }

  private static Arbitrary<ModelRun.Step> single() {
    return Arbitraries.oneOf(List.of(writes(), writesIfStill(), counts(), surroundings()));
  }

  private static Arbitrary<ModelRun.Step> writes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5), store(), key(), text(), expiry())
        .as((kind, store, key, text, expiry) ->
            switch (kind) {
              case 0 ->
                  named("put", run -> run.put(store, key, text, expiry), store, key, text, expiry);
              case 1 ->
                  named(
                      "putIfAbsent",
                      run -> run.putIfAbsent(store, key, text, expiry),
                      store,
                      key,
                      text,
                      expiry);
              case 2 -> named("update", run -> run.update(store, key, text), store, key, text);
              case 3 -> named("touch", run -> run.touch(store, key, expiry), store, key, expiry);
              case 4 -> named("merge", run -> run.merge(store, key, text), store, key, text);
              default ->
                  named(
                      "putAll",
                      run -> run.putAll(store, List.of("a", key, "c"), text),
                      store,
                      key,
                      text);
            });
  }

  private static Arbitrary<ModelRun.Step> writesIfStill() {
    return Combinators.combine(Arbitraries.integers().between(0, 4), store(), key(), text())
        .as((kind, store, key, text) ->
            switch (kind) {
              case 0 ->
                  named(
                      "compareAndSet",
                      run -> run.compareAndSet(store, key, text),
                      store,
                      key,
                      text);
              case 1 -> named("removeRead", run -> run.removeRead(store, key), store, key);
              case 2 -> named("remove", run -> run.remove(store, key), store, key);
              default -> named("read", run -> run.read(store, key), store, key);
            });
  }

  private static Arbitrary<ModelRun.Step> counts() {
    Arbitrary<Long> delta =
        Arbitraries.oneOf(
            List.of(
                Arbitraries.longs().between(-3, 5),
                Arbitraries.of(Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 2)));
    Arbitrary<Integer> which = Arbitraries.integers().between(0, ModelRun.COUNTERS.size() - 1);
    return Combinators.combine(Arbitraries.integers().between(0, 4), which, key(), delta)
        .as((kind, counters, key, by) ->
            switch (kind) {
              case 0 -> named("removeCount", run -> run.removeCount(counters, key), counters, key);
              case 1, 2 ->
                  named("tryAdd", run -> run.tryAdd(counters, key, by, 6), counters, key, by);
              default -> named("add", run -> run.add(counters, key, by), counters, key, by);
            });
  }

  private static Arbitrary<ModelRun.Step> surroundings() {
    int names = ModelRun.STORES.size() + ModelRun.COUNTERS.size();
    return Combinators.combine(
            Arbitraries.integers().between(0, 6),
            Arbitraries.integers().between(0, names - 1),
            Arbitraries.integers().between(1, 5))
        .as((kind, which, amount) ->
            switch (kind) {
              case 0 -> named("drop", run -> run.drop(which), which);
              case 1, 2 -> named("sweep", run -> run.sweep(amount), amount);
              case 3 -> named("clock back", run -> run.moveClock(-amount), amount);
              default -> named("clock", run -> run.moveClock(amount), amount);
            });
  }

  private static Arbitrary<Integer> store() {
    return Arbitraries.integers().between(0, ModelRun.STORES.size() - 1);
  }

  private static Arbitrary<String> key() {
    return Arbitraries.of(ModelRun.KEYS);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.integers().between(0, 9).map(String::valueOf);
  }

  private static Arbitrary<Expiry> expiry() {
    return Arbitraries.oneOf(
        List.of(
            Arbitraries.just(Expiry.never()),
            Arbitraries.integers()
                .between(1, 6)
                .map(millis -> Expiry.after(Duration.ofMillis(millis))),
            Arbitraries.integers()
                .between(-2, 12)
                .map(millis -> Expiry.at(HandClock.START.plusMillis(millis)))));
  }

  /// Gives the step a text, for the report of a failure.
  private static ModelRun.Step named(String name, ModelRun.Step step, Object... arguments) {
    return new ModelRun.Step() {
      @Override
      public void on(ModelRun run) {
        step.on(run);
      }

      @Override
      public String toString() {
        return arguments.length == 0 ? name : name + List.of(arguments);
      }
    };
  }
}
