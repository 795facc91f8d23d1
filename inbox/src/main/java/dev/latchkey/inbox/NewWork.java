package dev.latchkey.inbox;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What is to be made true because of a delivery.
///
/// Works of one key make the same thing true. While one is ready, waiting or held, it absorbs what
/// comes later under its key: the delivery is added to its own, and it takes over the later subject
/// and limits, so that it runs with the newest reference, and the higher priority; its kind, lane
/// and place in the queue stay. While one runs, one next is made, in the running one's lane. If the
/// running one becomes live again, to be retried, to come back later or because it was handed back,
/// it absorbs that next one likewise. Later means accepted later, whatever the sender's order.
///
/// Limits taken over are the ones it is judged by from then on, at once if it was waiting for one.
/// A spent unit stays spent, and counts for its bucket once, also if that bucket's limit was
/// changed or dropped.
///
/// @param kind names the handler, 1 to 100 characters
/// @param lane works of one lane never run at the same time, 1 to 512 characters
/// @param key says which works make the same thing true; works of one key never run at the same
///   time either. 1 to 512 characters
/// @param subject the application's own text for the handler, at most 65,536 characters
/// @param limits all of which must admit the work before it begins; at most 16, each bucket once
/// @param priority among those that could run, the higher goes first, and the older one of equals;
///   -1,000 to 1,000, mostly 0
/// @param debounce how long it waits for things to become quiet before it begins. A delivery which
///   comes meanwhile moves its time; once the work has begun, nothing moves the time that its
///   handler asked for or that follows a failure.
public record NewWork(
    String kind,
    String lane,
    String key,
    String subject,
    List<Limit> limits,
    int priority,
    Debounce debounce) {

  private static final int MAX_SUBJECT = 65_536;
  private static final int MAX_LIMITS = 16;
  private static final int MAX_PRIORITY = 1_000;

  public NewWork {
    Texts.requireName("kind", kind, 100);
    Texts.requireName("lane", lane, 512);
    Texts.requireName("key", key, 512);
    Texts.requireText("subject", subject, MAX_SUBJECT);
    limits = List.copyOf(limits);
    requireLimits(key, limits);
    if (priority < -MAX_PRIORITY || priority > MAX_PRIORITY) {
      throw new IllegalArgumentException(
          "work %s has the priority %d, allowed are %d to %d"
              .formatted(key, priority, -MAX_PRIORITY, MAX_PRIORITY));
    }
    Objects.requireNonNull(debounce, "debounce");
  }

  private static void requireLimits(String key, List<Limit> limits) {
    if (limits.size() > MAX_LIMITS) {
      throw new IllegalArgumentException(
          "work " + key + " has " + limits.size() + " limits, at most " + MAX_LIMITS);
    }
    Set<String> buckets = new HashSet<>();
    for (Limit limit : limits) {
      if (!buckets.add(limit.bucket())) {
        throw new IllegalArgumentException("work " + key + " names a bucket twice: " + limit);
      }
    }
  }

  /// Describes a work whose key is its kind and lane, without subject and limits.
  public static NewWork of(String kind, String lane) {
    return of(kind, lane, kind + " " + lane);
  }

  /// Describes a work without subject and limits, of priority 0, which may begin at once.
  public static NewWork of(String kind, String lane, String key) {
    return new NewWork(kind, lane, key, "", List.of(), 0, Debounce.none());
  }

  public NewWork withSubject(String subject) {
    return new NewWork(kind, lane, key, subject, limits, priority, debounce);
  }

  public NewWork withLimits(List<Limit> limits) {
    return new NewWork(kind, lane, key, subject, limits, priority, debounce);
  }

  public NewWork withLimits(Limit... limits) {
    return withLimits(List.of(limits));
  }

  public NewWork withPriority(int priority) {
    return new NewWork(kind, lane, key, subject, limits, priority, debounce);
  }

  public NewWork withDebounce(Duration quiet, Duration longest) {
    return new NewWork(kind, lane, key, subject, limits, priority, new Debounce(quiet, longest));
  }

  /// Names the work without its subject, which is the application's to show or to hide.
  @Override
  public String toString() {
    return "NewWork[" + kind + ", lane " + lane + ", key " + key + "]";
  }
}
