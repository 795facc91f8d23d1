package dev.latchkey.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The outcomes of the rows measured so far, and how kv stands in them.
final class Results {
  private final Map<String, List<Outcome>> rows = new LinkedHashMap<>();

  void add(Row row, List<Outcome> outcomes) {
    rows.put(row.name(), outcomes);
  }

  List<Outcome> outcomes() {
    return rows.values().stream().flatMap(List::stream).toList();
  }

  /// For another peer, how kv compares with it; for kv, how it compares with itself in other rows.
  /// Empty where one of the two wasn't measured.
  List<Verdict> verdicts(Outcome outcome) {
    Optional<Outcome> kv = kv(outcome.row().name());
    List<Verdict> verdicts = new ArrayList<>();
    if (kv.isPresent() && kv.get().peer() == outcome.peer()) {
      for (Goal goal : outcome.row().goals()) {
        if (goal instanceof Goal.OfRow of) {
          kv(of.row())
              .map(other -> new Verdict(of.row(), outcome.ratioTo(other), of.factor()))
              .ifPresent(verdicts::add);
        }
      }
    } else if (kv.isPresent()) {
      Spread ratio = kv.get().ratioTo(outcome);
      verdicts.add(new Verdict(outcome.peer().title(), ratio, factor(outcome)));
    }
    return verdicts;
  }

  /// The outcome that stands for kv in the row: the first of its own, if it was measured.
  private Optional<Outcome> kv(String row) {
    return rows.getOrDefault(row, List.of()).stream()
        .filter(outcome -> outcome.peer().isKv())
        .findFirst();
  }

  private static @Nullable Double factor(Outcome outcome) {
    for (Goal goal : outcome.row().goals()) {
      if (goal instanceof Goal.OfPeer of && of.peer() == outcome.peer()) {
        return of.factor();
      }
    }
    return null;
  }
}
