package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class IdlenessTest {
  private static final Duration LENGTH = Duration.ofSeconds(2);

  @TempDir Path folder;

  @Test
  void aThreadThatSpinsIsFound() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread spinning =
        Thread.ofPlatform()
            .name("spinning")
            .start(() -> {
              while (end.getCount() > 0) {
                Thread.onSpinWait();
              }
            });

    List<Figure> figures = measureAndEnd(end, spinning);

    assertThat(figures.get(1).isMet()).isFalse();
    assertThat(figures.get(1).value()).contains("spinning");
  }

  /// Only Linux tells how often a thread has waited.
  @Test
  @EnabledOnOs(OS.LINUX)
  void aThreadThatWakesOftenIsFound() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread waking =
        Thread.ofPlatform()
            .name("waking")
            .start(() -> {
              try {
                boolean ended;
                do {
                  ended = end.await(20, TimeUnit.MILLISECONDS);
                } while (!ended);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });

    List<Figure> figures = measureAndEnd(end, waking);

    assertThat(figures.get(1).isMet()).isTrue();
    assertThat(figures.get(3).isMet()).isFalse();
    assertThat(figures.get(3).value()).contains("waking");
  }

  private List<Figure> measureAndEnd(CountDownLatch end, Thread thread) throws Exception {
    Keys keys = new Keys(100);
    try (Folders folders = new Folders(folder, keys)) {
      return new Idleness(folders, keys, LENGTH).measure();
    } finally {
      end.countDown();
      thread.join();
    }
  }
}
