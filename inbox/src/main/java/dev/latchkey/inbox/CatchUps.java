package dev.latchkey.inbox;

import dev.latchkey.inbox.DeliverySource.Page;
import dev.latchkey.inbox.DeliverySource.Sent;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.KvException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Looks through what a sender says it sent, from a watermark on, and stores what is unknown.
///
/// A **scan** lists everything since the watermark less an overlap, page by page. A look does a
/// part of it, within a budget of calls: at most half of them to list, the rest to fetch what is
/// unknown, the oldest first. The watermark moves to the time at which the scan began only after
/// all of it is stored; a scan that didn't get through goes on from where it was at the next look.
/// One that passes over what can't be fetched goes on to its end all the same, and the next scan
/// begins at the same watermark.
final class CatchUps {

  // The sender's clock and list may be behind.
  static final Duration OVERLAP = Duration.ofMinutes(15);

  private static final String READ =
      "SELECT watermark, scan_from, scan_to, cursor FROM latchkey_source WHERE name = ?";
  private static final String WRITE =
      """
      INSERT INTO latchkey_source (name, looked_at, watermark, scan_from, scan_to, cursor)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET looked_at = excluded.looked_at,
        watermark = excluded.watermark, scan_from = excluded.scan_from,
        scan_to = excluded.scan_to, cursor = excluded.cursor
      """;

  private final Database database;
  private final InstantSource clock;
  private final Deliveries deliveries;
  private final BiFunction<Delivery, Via, Receipt> accept;

  // Each source is looked at by one thread at a time.
  private final Map<String, Past> pasts = new ConcurrentHashMap<>();

  CatchUps(
      Database database,
      InstantSource clock,
      Deliveries deliveries,
      BiFunction<Delivery, Via, Receipt> accept) {
    this.database = database;
    this.clock = clock;
    this.deliveries = deliveries;
    this.accept = accept;
  }

  /// Where a scan stands.
  ///
  /// @param watermark up to which everything is stored
  /// @param from what the scan lists, epoch milliseconds
  /// @param to when the scan began, epoch milliseconds; null once it has passed something over, so
  ///   that the watermark won't move
  /// @param cursor of the page to go on with; null for the first
  private record Scan(long watermark, long from, @Nullable Long to, @Nullable String cursor) {
    Scan at(@Nullable String page) {
      return new Scan(watermark, from, to, page);
    }

    Scan passingOver() {
      return new Scan(watermark, from, null, cursor);
    }
  }

  /// Looks once.
  ///
  /// @param calls the most calls to the source, 2 or more
  CatchUpReport look(DeliverySource source, int calls) throws Exception {
    Scan scan = scan(source);
    Listing listing = list(source, scan, calls);
    Fetching fetching = new Fetching(source);
    List<Sent> unknown = unknown(source, listing.sent());
    int budget = calls - listing.calls();
    for (Sent sent : unknown.subList(0, Math.min(budget, unknown.size()))) {
      fetching.fetch(sent);
    }
    boolean through = fetching.calls == unknown.size();
    Scan seen = through && fetching.failed > 0 ? scan.passingOver() : scan;
    boolean ended = through && listing.next() == null;
    boolean complete = ended && seen.to() != null;
    if (ended) {
      end(source, seen);
    } else {
      save(source, through ? seen.at(listing.next()) : seen);
    }
    if (complete) {
      pasts.remove(source.name());
    }
    fetching.requireSomeSuccess();
    return new CatchUpReport(
        listing.calls() + fetching.calls,
        listing.sent().size(),
        fetching.stored,
        fetching.gone,
        fetching.failed,
        complete);
  }

  /// What earlier looks of a scan have met: what the sender no longer has isn't asked for again,
  /// and what failed is tried after all others.
  private record Past(Set<String> gone, Set<String> failed) {}

  private Past past(DeliverySource source) {
    return pasts.computeIfAbsent(source.name(), _ -> new Past(new HashSet<>(), new HashSet<>()));
  }

  /// The fetching of one look. One delivery that can't be fetched or stored doesn't hold up the
  /// others, but three on end that can't be fetched mean that the source itself fails.
  private final class Fetching {

    private static final int MOST_FAILURES_ON_END = 3;

    private final DeliverySource source;
    private int calls;
    private int stored;
    private int gone;
    private int failed;
    private int onEnd;
    private int known;
    private @Nullable Exception last;

    Fetching(DeliverySource source) {
      this.source = source;
    }

    void fetch(Sent sent) throws InterruptedException {
      if (onEnd == MOST_FAILURES_ON_END) {
        return;
      }
      calls++;
      try {
        Optional<Delivery> delivery = source.fetch(sent);
        onEnd = 0;
        if (delivery.isEmpty()) {
          gone++;
          past(source).gone().add(sent.id());
        } else if (accept.apply(named(source, sent, delivery.get()), Via.CATCH_UP)
            == Receipt.DUPLICATE) {
          known++;
        } else {
          stored++;
        }
      } catch (InterruptedException | KvException | InboxException.Unavailable over) {
        throw over;
      } catch (Exception failure) {
        failed++;
        onEnd++;
        past(source).failed().add(sent.id());
        last = failure;
      }
    }

    /// Returns how many needn't be looked at again.
    int done() {
      return stored + gone + known;
    }

    void requireSomeSuccess() throws Exception {
      if (last != null && done() == 0) {
        throw last;
      }
    }
  }

  private Scan scan(DeliverySource source) {
    long now = clock.millis();
    List<Scan> rows =
        database.query(
            READ,
            row ->
                row.isNull(2)
                    ? begin(row.number(1), now)
                    : new Scan(
                        row.number(1),
                        row.number(2),
                        row.isNull(3) ? null : row.number(3),
                        row.text(4)),
            source.name());
    // Nothing before the first look was promised to anybody.
    return rows.isEmpty() ? begin(now, now) : rows.getFirst();
  }

  private static Scan begin(long watermark, long now) {
    return new Scan(watermark, watermark - OVERLAP.toMillis(), now, null);
  }

  private record Listing(List<Sent> sent, int calls, @Nullable String next) {}

  private Listing list(DeliverySource source, Scan scan, int calls) throws Exception {
    try {
      return pages(source, scan, Math.max(1, calls / 2));
    } catch (Exception failure) {
      // A page that was named long ago may be no more: the next look begins with the first.
      save(source, scan.at(null));
      throw failure;
    }
  }

  private static Listing pages(DeliverySource source, Scan scan, int most) throws Exception {
    List<Sent> sent = new ArrayList<>();
    String cursor = scan.cursor();
    for (int calls = 1; ; calls++) {
      Page page = source.list(Instant.ofEpochMilli(Math.max(0, scan.from())), cursor);
      sent.addAll(page.deliveries());
      cursor = page.next();
      if (cursor == null || calls == most) {
        return new Listing(sent, calls, cursor);
      }
    }
  }

  private List<Sent> unknown(DeliverySource source, List<Sent> sent) {
    Set<String> seen = new HashSet<>();
    Past past = past(source);
    return sent.stream()
        .sorted(
            Comparator.comparing((Sent one) -> past.failed().contains(one.id()))
                .thenComparing(Sent::at))
        .filter(one -> seen.add(one.id()) && !past.gone().contains(one.id()))
        .filter(one -> !deliveries.isKnown(source.name(), one.id()))
        .toList();
  }

  // What is stored under another name would be fetched again and again.
  private static Delivery named(DeliverySource source, Sent sent, Delivery delivery) {
    if (!delivery.source().equals(source.name()) || !delivery.id().equals(sent.id())) {
      throw new IllegalStateException(
          "source %s gave %s for the listed id %s".formatted(source.name(), delivery, sent.id()));
    }
    return delivery;
  }

  private void save(DeliverySource source, Scan scan) {
    database.update(
        WRITE,
        source.name(),
        clock.millis(),
        scan.watermark(),
        scan.from(),
        scan.to(),
        scan.cursor());
  }

  private void end(DeliverySource source, Scan scan) {
    Long watermark = scan.to() == null ? Long.valueOf(scan.watermark()) : scan.to();
    database.update(WRITE, source.name(), clock.millis(), watermark, null, null, null);
  }
}
