package dev.latchkey.server.web;

import dev.latchkey.inbox.InboxHealth;
import dev.latchkey.kv.KvException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Looks whether the server's parts work.
///
/// Anyone may ask, as often as he likes, so the costly part, a durable write, is done once in a
/// second at most; but never is a server called healthy whose inbox has stopped. No check calls
/// anything that is paid for, or elsewhere.
public final class HealthChecks {

  private static final Logger LOG = System.getLogger(HealthChecks.class.getName());
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration SLOW = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
  private static final Duration LATE = Duration.ofMinutes(10);
  private static final long LEAST_FREE = 256L << 20;
  private static final long LITTLE_FREE = 4 * LEAST_FREE;

  private final HealthRoute.Health health;
  private final LongSupplier nanos;
  private final ReentrantLock probing = new ReentrantLock();
  private @Nullable Probe last;

  /// How a check may end, from the best to the worst.
  public enum Status {
    OK,
    WARN,
    FAIL;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How a check has ended.
  ///
  /// @param detail a few words, without a name or an address
  public record Check(Status status, String detail) {}

  /// @param took how long the durable write took; null if it failed
  private record Probe(long at, @Nullable Duration took, Check backlog) {}

  public HealthChecks(HealthRoute.Health health) {
    this(health, System::nanoTime);
  }

  HealthChecks(HealthRoute.Health health, LongSupplier nanos) {
    this.health = health;
    this.nanos = nanos;
  }

  /// Returns the checks by name.
  public Map<String, Check> now() {
    Probe probe = probe();
    Duration took = probe.took();
    Map<String, Check> checks = new LinkedHashMap<>();
    checks.put(
        "database",
        took == null
            ? new Check(Status.FAIL, "can't be written")
            : new Check(Status.OK, "writable"));
    checks.put("fsync", fsync(took));
    checks.put("disk", disk());
    checks.put("backlog", probe.backlog());
    checks.put("workers", workers());
    checks.put("github", heard(Pulse.Part.GITHUB));
    checks.put("model", heard(Pulse.Part.MODEL));
    return checks;
  }

  /// Returns the names of those which fail.
  public List<String> failing() {
    return now().entrySet().stream()
        .filter(check -> check.getValue().status() == Status.FAIL)
        .map(Map.Entry::getKey)
        .toList();
  }

  static Status worst(Map<String, Check> checks) {
    Collection<Check> all = checks.values();
    return all.stream().map(Check::status).max(Status::compareTo).orElse(Status.OK);
  }

  /// A write that hangs is a failure, and doesn't make everyone who asks hang as well.
  private Probe probe() {
    try {
      if (!probing.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return failed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed();
    }
    try {
      Probe known = last;
      boolean fresh =
          known != null
              && known.took() != null
              && health.inbox() == InboxHealth.WORKING
              && nanos.getAsLong() - known.at() < FRESH.toNanos();
      if (known == null || !fresh) {
        known = write();
        last = known;
      }
      return known;
    } finally {
      probing.unlock();
    }
  }

  private Probe write() {
    long begun = nanos.getAsLong();
    try {
      health.probeDatabase();
      long end = nanos.getAsLong();
      return new Probe(end, Duration.ofNanos(end - begun), backlog());
    } catch (KvException | IllegalStateException e) {
      LOG.log(Level.ERROR, "event=health.database-failed", e);
      return failed();
    }
  }

  private Probe failed() {
    return new Probe(nanos.getAsLong(), null, new Check(Status.WARN, "not known"));
  }

  private static Check fsync(@Nullable Duration took) {
    if (took == null) {
      return new Check(Status.FAIL, "the last durable write failed");
    }
    return new Check(
        took.compareTo(SLOW) > 0 ? Status.WARN : Status.OK,
        "the last durable write took %d ms".formatted(took.toMillis()));
  }

  private Check disk() {
    try {
      long free = health.freeBytes();
      Status status =
          free < LEAST_FREE ? Status.FAIL : free < LITTLE_FREE ? Status.WARN : Status.OK;
      return new Check(
          status, status == Status.OK ? "enough free" : (free >> 20) + " MiB are free");
    } catch (UncheckedIOException e) {
      LOG.log(Level.WARNING, "event=health.disk-unknown", e);
      return new Check(Status.WARN, "the free space can't be told");
    }
  }

  private Check backlog() {
    Duration oldest = health.backlog().orElse(Duration.ZERO);
    return new Check(
        oldest.compareTo(LATE) > 0 ? Status.WARN : Status.OK,
        "the oldest due work has been due for %d s".formatted(oldest.toSeconds()));
  }

  private Check workers() {
    InboxHealth inbox = health.inbox();
    return new Check(
        inbox == InboxHealth.WORKING ? Status.OK : Status.FAIL,
        inbox.name().toLowerCase(Locale.ROOT));
  }

  private Check heard(Pulse.Part part) {
    return health
        .heard(part)
        .map(heard ->
            new Check(
                heard.ok() ? Status.OK : Status.WARN,
                "the last call %s, %d s ago"
                    .formatted(heard.ok() ? "went well" : "failed", heard.ago().toSeconds())))
        .orElse(new Check(Status.OK, "not called yet"));
  }
}
