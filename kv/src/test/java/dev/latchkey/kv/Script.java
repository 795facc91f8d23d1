package dev.latchkey.kv;

import dev.latchkey.kv.Shelves.Shelf;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one caller writes, step by step. A step is done as a whole or not at all, and what stands
/// in the database after it follows from its number: so what is found there tells how far the
/// caller came, and whether it is a state at all that ever was.
final class Script {

  /// How many kinds of step there are, one after the other.
  private static final int KINDS = 8;

  private static final int LARGE = 9_000;
  private static final int SMALL = 300;

  private final String caller;
  private final List<SortedMap<String, String>> states = new ArrayList<>();

  /// @param value null to remove the entry
  private record Change(Shelf shelf, String key, @Nullable String value) {}

  /// @param caller a name without `-`
  /// @param steps the most that are made
  Script(String caller, int steps) {
    this.caller = caller;
    states.add(new TreeMap<>());
    for (int n = 1; n <= steps; n++) {
      SortedMap<String, String> next = new TreeMap<>(states.getLast());
      for (Change change : changes(n)) {
        String place = change.shelf().placeOf(change.key());
        if (change.value() == null) {
          next.remove(place);
        } else {
          next.put(place, change.value());
        }
      }
      states.add(next);
    }
  }

  String caller() {
    return caller;
  }

  int steps() {
    return states.size() - 1;
  }

  /// Makes the nth step, counted from 1.
  void make(int n, Shelves shelves) {
    List<Change> changes = changes(n);
    if (changes.size() == 1) {
      make(changes.getFirst(), shelves);
      return;
    }
    shelves
        .database()
        .transact(() -> {
          for (Change change : changes) {
            make(change, shelves);
          }
          if (n % KINDS == 0) {
            undoOne(shelves);
          }
        });
  }

  private static void make(Change change, Shelves shelves) {
    if (change.value() == null) {
      shelves.remove(change.shelf(), change.key());
    } else {
      shelves.put(change.shelf(), change.key(), change.value());
    }
  }

  /// Does something within the transaction that is undone alone.
  private void undoOne(Shelves shelves) {
    try {
      shelves
          .database()
          .transact(() -> {
            shelves.put(Shelf.RIGHT, caller + "-undone", text(0, SMALL));
            throw new UndoneOnPurpose();
          });
    } catch (UndoneOnPurpose e) {
      // The rest of the transaction stands.
      return;
    }
  }

  private static final class UndoneOnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Returns the last step whose state is the one found, of those from the one step to the other,
  /// or -1 if it is none of theirs.
  int stepOf(SortedMap<String, String> found, int from, int to) {
    for (int n = Math.min(to, steps()); n >= from; n--) {
      if (states.get(n).equals(found)) {
        return n;
      }
    }
    return -1;
  }

  private List<Change> changes(int n) {
    String number = String.valueOf(n);
    return switch (n % KINDS) {
      case 1 -> List.of(new Change(Shelf.LEFT, caller, number));
      case 2 ->
          List.of(
              new Change(Shelf.LEFT, caller, number),
              new Change(Shelf.TABLE, caller, number),
              new Change(Shelf.RIGHT, caller, number),
              new Change(Shelf.RIGHT, caller + "-" + n, text(n, SMALL)));
      case 3 -> List.of(new Change(Shelf.RIGHT, caller + "-" + (n - 1), null));
      case 4 ->
          List.of(
              new Change(Shelf.LEFT, caller, number),
              new Change(Shelf.LARGE, caller, text(n, LARGE)),
              new Change(Shelf.TABLE, caller, number));
      case 5 -> List.of(new Change(Shelf.TABLE, caller + "-" + n, number));
      case 6 ->
          List.of(
              new Change(Shelf.OWN, caller, text(n, SMALL)),
              new Change(Shelf.LEFT, caller, number));
      case 7 ->
          List.of(
              new Change(Shelf.COUNTERS, caller, String.valueOf(n / KINDS + 1)),
              new Change(Shelf.OWN, caller, null));
      default ->
          List.of(new Change(Shelf.LEFT, caller, number), new Change(Shelf.RIGHT, caller, number));
    };
  }

  private static String text(int n, int length) {
    return (n + " ").repeat(length).substring(0, length);
  }
}
