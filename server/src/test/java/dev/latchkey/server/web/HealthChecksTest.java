package dev.latchkey.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.inbox.InboxHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HealthChecksTest {

  private final AtomicLong nanos = new AtomicLong();
  private final Parts parts = new Parts();
  private final HealthChecks checks = new HealthChecks(parts, nanos::get);

  /// Parts that are as a test wants them.
  private final class Parts implements HealthRoute.Health {
    private InboxHealth inbox = InboxHealth.WORKING;
    private Duration write = Duration.ofMillis(3);
    private Duration backlog = Duration.ZERO;
    private long free = Long.MAX_VALUE;
    private boolean broken;
    private int writes;
    private Optional<HealthRoute.Heard> model = Optional.empty();

    @Override
    public InboxHealth inbox() {
      return inbox;
    }

    @Override
    public void probeDatabase() {
      writes++;
      nanos.addAndGet(write.toNanos());
      if (broken) {
        throw new IllegalStateException("the database is closed");
      }
    }

    @Override
    public long freeBytes() {
      return free;
    }

    @Override
    public Optional<Duration> backlog() {
      return Optional.of(backlog);
    }

    @Override
    public Optional<HealthRoute.Heard> heard(Pulse.Part part) {
      return part == Pulse.Part.MODEL ? model : Optional.empty();
    }
  }

  @Test
  void whoeverAsksOftenCausesOneWriteInASecond() {
    for (int i = 0; i < 100; i++) {
      checks.now();
    }
    assertThat(parts.writes).isEqualTo(1);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    checks.now();

    assertThat(parts.writes).isEqualTo(2);
  }

  @Test
  void aStoppedInboxIsNeverCoveredByAnEarlierWrite() {
    checks.now();
    parts.inbox = InboxHealth.STOPPED;
    parts.broken = true;

    assertThat(checks.failing()).containsExactly("database", "fsync", "workers");
  }

  @Test
  void aFailedWriteIsTriedAgainByTheNextWhoAsks() {
    parts.broken = true;
    assertThat(checks.failing()).containsExactly("database", "fsync");

    parts.broken = false;

    assertThat(checks.failing()).isEmpty();
  }

  @Test
  void slowWritesLittleSpaceALongBacklogAndAFailedCallAreWarnings() {
    parts.write = Duration.ofSeconds(2);
    parts.free = 512L << 20;
    parts.backlog = Duration.ofMinutes(11);
    parts.model = Optional.of(new HealthRoute.Heard(false, Duration.ofSeconds(12)));

    var now = checks.now();

    assertThat(HealthChecks.worst(now)).isEqualTo(HealthChecks.Status.WARN);
    List<String> warned = new ArrayList<>();
    now.forEach((name, check) -> {
      if (check.status() == HealthChecks.Status.WARN) {
        warned.add(name + ": " + check.detail());
      }
    });
    assertThat(warned)
        .containsExactly(
            "fsync: the last durable write took 2000 ms",
            "disk: 512 MiB are free",
            "backlog: the oldest due work has been due for 660 s",
            "model: the last call failed, 12 s ago");
  }

  @Test
  void aFullDiskFails() {
    parts.free = 100L << 20;

    assertThat(checks.failing()).containsExactly("disk");
  }

  @Test
  void heartbeatsRememberHowTheLastCallEnded() {
    Instant now = Instant.parse("2026-11-01T12:00:00Z");
    Heartbeats heartbeats = new Heartbeats(Pulse.none(), () -> now);
    assertThat(heartbeats.last(Pulse.Part.GITHUB)).isEmpty();

    heartbeats.failed(Pulse.Part.GITHUB, "timeout");
    heartbeats.ok(Pulse.Part.MODEL);

    assertThat(heartbeats.last(Pulse.Part.GITHUB))
        .contains(new Heartbeats.Beat(false, "timeout", now));
    assertThat(heartbeats.last(Pulse.Part.MODEL)).contains(new Heartbeats.Beat(true, "", now));
  }
}
