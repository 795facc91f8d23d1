package dev.latchkey.inbox;

import dev.latchkey.kv.Database;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The deliveries' rows.
final class Deliveries {

  private static final System.Logger LOG = System.getLogger(Deliveries.class.getPackageName());

  /// In the place of the number of works.
  static final int ONLY_CANCELS = -1;

  private static final String KEEP =
      """
      INSERT INTO latchkey_delivery
        (source, id, kind, headers, sha256, received_at, via, works, encoding, body)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (source, id) DO NOTHING
      """;
  private static final String SEQ = "SELECT seq FROM latchkey_delivery WHERE source = ? AND id = ?";
  private static final String DUPLICATE =
      """
      UPDATE latchkey_delivery SET duplicates = duplicates + 1 WHERE source = ? AND id = ?
      RETURNING seq, sha256
      """;
  private static final String KNOWN = "SELECT 1 FROM latchkey_delivery WHERE source = ? AND id = ?";
  private static final String FIRST_OF_WORK =
      """
      SELECT d.seq, d.source, d.id, d.kind, d.headers, d.encoding, d.body
      FROM latchkey_cause AS c JOIN latchkey_delivery AS d ON d.seq = c.delivery
      WHERE c.work = ? AND d.body IS NOT NULL ORDER BY c.delivery LIMIT 1
      """;
  private static final String WORKS = "UPDATE latchkey_delivery SET works = ? WHERE seq = ?";

  private final Database database;

  Deliveries(Database database) {
    this.database = database;
  }

  /// What is kept of a delivery, made ready before the writer's turn.
  record Arrival(
      Delivery delivery, Via via, String headers, String sha256, Bodies.Kept body, long at) {

    static Arrival of(Delivery delivery, Via via, long at) {
      return new Arrival(
          delivery,
          via,
          headers(delivery.headers()),
          Hashes.sha256(delivery.body()),
          Bodies.encode(delivery.body()),
          at);
    }

    private static String headers(Map<String, String> headers) {
      return new TreeMap<>(headers)
          .entrySet().stream()
              .map(header -> header.getKey() + ": " + header.getValue() + "\n")
              .collect(Collectors.joining());
    }
  }

  /// Keeps a delivery, unless it is known.
  ///
  /// @param works how many works it leads to, or [#ONLY_CANCELS]
  /// @return its number, or empty
  OptionalLong keep(Arrival arrival, int works) {
    Delivery delivery = arrival.delivery();
    int made =
        database.update(
            KEEP,
            delivery.source(),
            delivery.id(),
            delivery.kind(),
            arrival.headers(),
            arrival.sha256(),
            arrival.at(),
            arrival.via().name(),
            works,
            arrival.body().encoding(),
            arrival.body().bytes());
    if (made == 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        database.query(SEQ, row -> row.number(1), delivery.source(), delivery.id()).getFirst());
  }

  /// Counts that a known delivery came again.
  ///
  /// @return its number
  long countDuplicate(Arrival arrival) {
    Delivery delivery = arrival.delivery();
    return database
        .query(
            DUPLICATE,
            row -> {
              if (!arrival.sha256().equals(row.text(2))) {
                LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "event=delivery.differs " + Herald.name(delivery) + " kept=first");
              }
              return row.number(1);
            },
            delivery.source(),
            delivery.id())
        .getFirst();
  }

  boolean isKnown(String source, String id) {
    return !database.query(KNOWN, row -> true, source, id).isEmpty();
  }

  /// A kept delivery, with its number.
  record Numbered(long seq, Delivery delivery) {}

  /// Returns the first delivery that led to a work, if its body is still there.
  Optional<Numbered> firstOf(long work) {
    return database
        .query(
            FIRST_OF_WORK,
            row ->
                new Numbered(
                    row.number(1),
                    new Delivery(
                        Work.text(row, 2),
                        Work.text(row, 3),
                        Work.text(row, 4),
                        headers(Work.text(row, 5)),
                        Bodies.decode(
                            new Bodies.Kept(
                                Work.text(row, 6),
                                Optional.ofNullable(row.bytes(7)).orElse(new byte[0]))))),
            work)
        .stream()
        .findFirst();
  }

  void setWorks(long seq, int works) {
    database.update(WORKS, works, seq);
  }

  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new TreeMap<>();
    text.lines()
        .forEach(line -> {
          int colon = line.indexOf(": ");
          headers.put(line.substring(0, colon), line.substring(colon + 2));
        });
    return headers;
  }
}
