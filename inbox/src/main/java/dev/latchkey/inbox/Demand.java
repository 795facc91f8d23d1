package dev.latchkey.inbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// What a work asks of one limit.
///
/// It is kept as text, so that equal demands are equal texts: `units/capacity/window bucket`, with
/// `/call` after the window of one that is charged for a single call.
///
/// @param units how many it takes, 1 or more
/// @param call whether they are for a call of a paid step, and not for the work as a whole
record Demand(Limit limit, long units, boolean call) {

  private static final String CALL = "/call";

  static Demand ofWork(Limit limit) {
    return new Demand(limit, 1, false);
  }

  static Demand ofCall(Reservation reservation) {
    return new Demand(reservation.limit(), reservation.units(), true);
  }

  String bucket() {
    return limit.bucket();
  }

  /// Returns the same text for equal demands, and another one for different ones.
  String text() {
    String flag = call ? CALL : "";
    return units + "/" + limit.units() + "/" + limit.window().text() + flag + " " + limit.bucket();
  }

  static String text(List<Demand> demands) {
    return demands.stream()
        .sorted(Comparator.comparing(Demand::bucket).thenComparing(Demand::call))
        .map(Demand::text)
        .collect(Collectors.joining("\n"));
  }

  static List<Demand> parseAll(String text) {
    List<Demand> demands = new ArrayList<>();
    text.lines().forEach(line -> demands.add(parse(line)));
    return demands;
  }

  private static Demand parse(String line) {
    int space = line.indexOf(' ');
    String bucket = line.substring(space + 1);
    String head = line.substring(0, space);
    boolean call = head.endsWith(CALL);
    String[] parts = head.substring(0, head.length() - (call ? CALL.length() : 0)).split("/", 3);
    Limit limit = new Limit(bucket, Long.parseLong(parts[1]), Window.ofText(parts[2]));
    return new Demand(limit, Long.parseLong(parts[0]), call);
  }
}
