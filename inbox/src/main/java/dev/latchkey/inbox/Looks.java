package dev.latchkey.inbox;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/// The sources and resyncs that were registered, each looked at by one thread at a time.
final class Looks {

  private static final Duration CATCH_UP = Duration.ofMinutes(10);
  private static final String RESYNC = "resync";
  private static final int MOST_AT_ONCE = 100;

  private final CatchUps catchUps;
  private final Herald herald;
  private final InstantSource clock;
  private final ToIntBiFunction<Delivery, List<NewWork>> accept;
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, Synced> resyncs = new LinkedHashMap<>();

  Looks(
      CatchUps catchUps,
      Herald herald,
      InstantSource clock,
      ToIntBiFunction<Delivery, List<NewWork>> accept) {
    this.catchUps = catchUps;
    this.herald = herald;
    this.clock = clock;
    this.accept = accept;
  }

  private record Source(DeliverySource source, int calls, ReentrantLock lock) {}

  private record Synced(Duration every, Resync resync, ReentrantLock lock) {}

  synchronized void add(DeliverySource source, int calls) {
    Source added = new Source(source, calls, new ReentrantLock());
    if (sources.putIfAbsent(source.name(), added) != null) {
      throw new IllegalStateException("source " + source.name() + " is registered already");
    }
  }

  synchronized void add(String name, Duration every, Resync resync) {
    if (resyncs.putIfAbsent(name, new Synced(every, resync, new ReentrantLock())) != null) {
      throw new IllegalStateException("resync " + name + " is registered already");
    }
  }

  synchronized void startIn(Rounds rounds) {
    sources
        .keySet()
        .forEach(name ->
            rounds.start("inbox-source-" + name, CATCH_UP, () -> tell(name, () -> catchUp(name))));
    resyncs.forEach((name, synced) ->
        rounds.start("inbox-resync-" + name, synced.every(), () -> tell(name, () -> resync(name))));
  }

  private interface Look {
    void run() throws Exception;
  }

  // Whatever a source or resync throws, an Error as well: the next look may do better.
  private void tell(String name, Look look) throws InterruptedException {
    try {
      look.run();
    } catch (InterruptedException closing) {
      throw closing;
    } catch (Throwable failure) {
      herald.tell(new Event.LookFailed(name, Texts.failure(failure)));
    }
  }

  CatchUpReport catchUp(String name) throws Exception {
    Source source = require(source(name), "source", name);
    source.lock().lockInterruptibly();
    try {
      CatchUpReport report = catchUps.look(source.source(), source.calls());
      herald.tell(new Event.CaughtUp(name, report));
      return report;
    } finally {
      source.lock().unlock();
    }
  }

  private synchronized @Nullable Source source(String name) {
    return sources.get(name);
  }

  private synchronized @Nullable Synced synced(String name) {
    return resyncs.get(name);
  }

  private static <T> T require(@Nullable T found, String what, String name) {
    if (found == null) {
      throw new NoSuchElementException("there is no " + what + " " + name);
    }
    return found;
  }

  /// Stores what the resync names, as deliveries that nobody sent.
  ///
  /// @return how many works were made
  int resync(String name) throws Exception {
    Synced synced = require(synced(name), RESYNC, name);
    synced.lock().lockInterruptibly();
    try {
      List<NewWork> works = List.copyOf(synced.resync().look());
      int made = 0;
      for (int from = 0; from < works.size(); from += MOST_AT_ONCE) {
        int to = Math.min(works.size(), from + MOST_AT_ONCE);
        made += accept.applyAsInt(delivery(name), works.subList(from, to));
      }
      herald.tell(new Event.Resynced(name, works.size(), made));
      return made;
    } finally {
      synced.lock().unlock();
    }
  }

  private Delivery delivery(String name) {
    String id = name + "/" + clock.instant() + "/" + UUID.randomUUID();
    return new Delivery(RESYNC, id, RESYNC, Map.of(), new byte[0]);
  }
}
