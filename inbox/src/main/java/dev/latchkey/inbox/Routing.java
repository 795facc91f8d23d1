package dev.latchkey.inbox;

import java.util.List;
import java.util.stream.Stream;

/// What a delivery asks for: first to cancel, then to do.
///
/// @param works at most 100
/// @param cancellations at most 100
public record Routing(List<NewWork> works, List<Cancellation> cancellations) {

  private static final Routing NOTHING = new Routing(List.of(), List.of());
  private static final int MAX = 100;

  public Routing {
    works = List.copyOf(works);
    cancellations = List.copyOf(cancellations);
    requireAtMost("works", works.size());
    requireAtMost("cancellations", cancellations.size());
  }

  private static void requireAtMost(String what, int size) {
    if (size > MAX) {
      throw new IllegalArgumentException("routing names " + size + " " + what + ", limit " + MAX);
    }
  }

  /// Asks for nothing: the delivery is remembered as IGNORED.
  public static Routing ignore() {
    return NOTHING;
  }

  public static Routing to(NewWork... works) {
    return to(List.of(works));
  }

  public static Routing to(List<NewWork> works) {
    return new Routing(works, List.of());
  }

  public Routing cancelling(Cancellation... more) {
    return new Routing(works, Stream.concat(cancellations.stream(), Stream.of(more)).toList());
  }

  boolean asksForNothing() {
    return works.isEmpty() && cancellations.isEmpty();
  }
}
