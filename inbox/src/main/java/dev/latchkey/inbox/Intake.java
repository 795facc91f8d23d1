package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Takes deliveries in: routes and hashes before the writer's turn, and then keeps everything in
/// one transaction made of our own statements only.
final class Intake {

  private static final System.Logger LOG = System.getLogger(Intake.class.getPackageName());

  private static final int MAX_WORKS = 100;

  private static final String DELIVERY =
      """
      INSERT INTO latchkey_delivery
        (source, id, kind, headers, sha256, received_at, works, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (source, id) DO NOTHING
      """;
  private static final String DUPLICATE =
      """
      UPDATE latchkey_delivery SET duplicates = duplicates + 1 WHERE source = ? AND id = ?
      RETURNING sha256
      """;
  private static final String WORK =
      """
      INSERT INTO latchkey_work
        (kind, lane, work_key, subject, state, next_at, first_at, updated_at)
      VALUES (?, ?, ?, ?, 'READY', ?, ?, ?)
      ON CONFLICT (work_key) WHERE state IN ('READY', 'WAITING') DO NOTHING
      RETURNING id
      """;
  private static final String LIVE =
      "SELECT id FROM latchkey_work WHERE work_key = ? AND state IN ('READY', 'WAITING')";
  private static final String CAUSE =
      """
      INSERT INTO latchkey_cause (work, source, delivery) VALUES (?, ?, ?)
      ON CONFLICT (work, source, delivery) DO NOTHING
      """;
  private static final String UNROUTED =
      """
      INSERT INTO latchkey_work
        (kind, lane, work_key, subject, state, error, next_at, first_at, updated_at, ended_at)
      VALUES (?, ?, ?, '', 'DEAD', ?, ?, ?, ?, ?)
      RETURNING id
      """;

  private final Database database;
  private final InstantSource clock;
  private final Router router;
  private final Charges charges;
  private final Absorption absorption;

  Intake(Database database, InboxOptions options, Charges charges, Absorption absorption) {
    this.database = database;
    this.clock = options.clock();
    this.router = options.router();
    this.charges = charges;
    this.absorption = absorption;
  }

  /// What the router makes of a delivery.
  private sealed interface Routing {
    record Works(List<NewWork> works) implements Routing {}

    record Failed(String error) implements Routing {}
  }

  /// What is kept of a delivery, made ready before the writer's turn.
  private record Arrival(
      Delivery delivery, String headers, String sha256, Routing routing, long at) {}

  Receipt accept(Delivery delivery) {
    Arrival arrival =
        new Arrival(
            delivery,
            headers(delivery.headers()),
            Hashes.sha256(delivery.body()),
            route(delivery),
            clock.millis());
    return database.transact(() -> keep(arrival));
  }

  // Whatever a router throws, an Error as well: the delivery is durable first, and looked at later.
  @SuppressWarnings("CatchingThrowable")
  private Routing route(Delivery delivery) {
    try {
      List<NewWork> works = List.copyOf(router.route(delivery));
      return works.size() <= MAX_WORKS
          ? new Routing.Works(works)
          : new Routing.Failed("router named " + works.size() + " works, limit " + MAX_WORKS);
    } catch (Throwable failure) {
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "event=delivery.unrouted " + Herald.name(delivery) + Herald.failure(failure));
      return new Routing.Failed(Texts.note("router failed: " + Texts.failure(failure)));
    }
  }

  private Receipt keep(Arrival arrival) {
    Delivery delivery = arrival.delivery();
    int works = arrival.routing() instanceof Routing.Works(var list) ? list.size() : 1;
    int inserted =
        database.update(
            DELIVERY,
            delivery.source(),
            delivery.id(),
            delivery.kind(),
            arrival.headers(),
            arrival.sha256(),
            arrival.at(),
            works,
            delivery.body());
    if (inserted == 0) {
      countDuplicate(arrival);
      return Receipt.DUPLICATE;
    }
    switch (arrival.routing()) {
      case Routing.Works(var list) -> list.forEach(work -> keep(work, arrival));
      case Routing.Failed(var error) -> keepUnrouted(error, arrival);
    }
    return works == 0 ? Receipt.IGNORED : Receipt.ACCEPTED;
  }

  private void countDuplicate(Arrival arrival) {
    Delivery delivery = arrival.delivery();
    List<Boolean> same =
        database.query(
            DUPLICATE,
            row -> arrival.sha256().equals(row.text(1)),
            delivery.source(),
            delivery.id());
    if (same.contains(false)) {
      LOG.log(
          System.Logger.Level.WARNING,
          () -> "event=delivery.differs " + Herald.name(delivery) + " kept=first");
    }
  }

  private void keep(NewWork work, Arrival arrival) {
    long at = arrival.at();
    List<Long> made =
        database.query(
            WORK,
            row -> row.number(1),
            work.kind(),
            work.lane(),
            work.key(),
            work.subject(),
            at,
            at,
            at);
    if (made.isEmpty()) {
      long live = database.query(LIVE, row -> row.number(1), work.key()).getFirst();
      absorption.takeOver(live, work.subject(), work.limits(), at);
      keepCause(live, arrival);
      return;
    }
    long id = made.getFirst();
    charges.limit(id, work.limits());
    keepCause(id, arrival);
  }

  private void keepUnrouted(String error, Arrival arrival) {
    Delivery delivery = arrival.delivery();
    String name = "unrouted " + delivery.source() + "/" + delivery.id();
    long at = arrival.at();
    long id =
        database
            .query(
                UNROUTED, row -> row.number(1), delivery.kind(), name, name, error, at, at, at, at)
            .getFirst();
    keepCause(id, arrival);
  }

  private void keepCause(long work, Arrival arrival) {
    database.update(CAUSE, work, arrival.delivery().source(), arrival.delivery().id());
  }

  private static String headers(Map<String, String> headers) {
    return new TreeMap<>(headers)
        .entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue() + "\n")
            .collect(Collectors.joining());
  }
}
