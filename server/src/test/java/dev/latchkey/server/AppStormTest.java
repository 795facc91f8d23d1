package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testkit.Scale;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the App promises holds at GitHub after many deaths; see [AppStorm].
class AppStormTest {

  private static final long SEED = Long.getLong("latchkey.seed", 20_261_125L);

  @TempDir private Path folder;

  @Test
  void everyHeadEndsWithOneReviewPerRoundWhateverDies()
      throws InterruptedException, ExecutionException {
    int random = Scale.pick(1, 46, 300);
    int times = Scale.pick(0, 2, 20);
    List<StormPoint> points = new ArrayList<>(Collections.nCopies(random, StormPoint.RANDOM));
    for (StormPoint point : StormPoint.values()) {
      if (point != StormPoint.NOWHERE && point != StormPoint.RANDOM) {
        points.addAll(Collections.nCopies(times, point));
      }
    }
    if (times == 0) {
      points.addAll(
          List.of(StormPoint.REVIEW_CREATED_HELD, StormPoint.SUMMARY_CREATED, StormPoint.IN_CALL));
    }
    Collections.shuffle(points, new Random(SEED));

    // Two at a time, as each waits for its child most of the time.
    try (ExecutorService two = Executors.newVirtualThreadPerTaskExecutor()) {
      int half = points.size() / 2;
      Future<List<String>> one = two.submit(() -> live(SEED, points.subList(0, half)));
      Future<List<String>> other =
          two.submit(() -> live(SEED + 1, points.subList(half, points.size())));

      assertThat(one.get()).isEmpty();
      assertThat(other.get()).isEmpty();
    }
  }

  /// @return what was broken
  private List<String> live(long seed, List<StormPoint> points)
      throws IOException, InterruptedException {
    Path own = Files.createDirectory(folder.resolve("seed-" + seed));
    try (AppStorm storm = new AppStorm(seed, PlantedBug.NONE, own)) {
      List<String> broken = storm.run(4, points);
      System.out.printf("app storm: seed %d, %d kills, %s%n", seed, storm.kills(), storm.hits());
      return broken;
    }
  }

  @Test
  void theStormFindsAPostWithoutALook() throws IOException, InterruptedException {
    try (AppStorm storm = new AppStorm(SEED, PlantedBug.POST_WITHOUT_LOOKING, folder)) {

      List<String> broken =
          storm.run(2, List.of(StormPoint.REVIEW_SUBMITTED, StormPoint.REVIEW_SUBMITTED));

      assertThat(broken).anyMatch(one -> one.contains("review"));
    }
  }

  @Test
  void theStormFindsAMarkBeforeTheWork() throws IOException, InterruptedException {
    try (AppStorm storm = new AppStorm(SEED, PlantedBug.MARK_BEFORE_WORK, folder)) {

      List<String> broken = storm.run(2, List.of(StormPoint.IN_CALL, StormPoint.FILES_READ));

      assertThat(broken).anyMatch(one -> one.contains("has no review of its head"));
    }
  }
}
