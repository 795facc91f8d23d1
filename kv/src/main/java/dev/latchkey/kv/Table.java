package dev.latchkey.kv;

import org.jspecify.annotations.Nullable;

/// What a store's name stands for within this process. All objects made for the same store share
/// one; once the store has been dropped, the next use of its name makes another.
final class Table {

  /// What a table holds, as `kv_stores` calls it.
  enum Kind {
    ENTRIES("entries"),
    COUNTERS("counters");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    static Kind of(String text) {
      for (Kind kind : values()) {
        if (kind.text.equals(text)) {
          return kind;
        }
      }
      throw new KvException.Unusable("the file has a store of an unknown kind: " + text, null);
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final String name;
  private final Kind kind;
  private final boolean largeValues;

  /// Null for counters.
  private final @Nullable Codec<?> codec;

  private volatile boolean dropped;

  private Table(String name, Kind kind, boolean largeValues, @Nullable Codec<?> codec) {
    this.name = name;
    this.kind = kind;
    this.largeValues = largeValues;
    this.codec = codec;
  }

  static Table ofEntries(StoreSpec<?> spec) {
    return new Table(spec.name(), Kind.ENTRIES, spec.largeValues(), spec.codec());
  }

  static Table ofCounters(String name) {
    return new Table(name, Kind.COUNTERS, false, null);
  }

  /// Returns the same table before it was dropped, as it were.
  Table anew() {
    return new Table(name, kind, largeValues, codec);
  }

  String name() {
    return name;
  }

  Kind kind() {
    return kind;
  }

  /// Returns the name in the database.
  String sqlName() {
    return sqlName(kind, name);
  }

  static String sqlName(Kind kind, String name) {
    return "kv_" + kind + "_" + name;
  }

  boolean largeValues() {
    return largeValues;
  }

  /// Refuses another use of the name: another kind, or another codec, which means another instance,
  /// since two can't be compared.
  @SuppressWarnings("ReferenceEquality")
  void requireSameUse(Table other) {
    requireKind(other.kind);
    if (codec != other.codec) {
      throw new IllegalStateException(
          "store " + name + " is in use with another codec; keep its spec in a constant");
    }
  }

  /// Refuses to be of another kind than the one there is.
  void requireKind(Kind found) {
    if (kind != found) {
      throw new IllegalStateException(name + " is a store of " + found + ", not of " + kind);
    }
  }

  boolean isDropped() {
    return dropped;
  }

  void drop() {
    dropped = true;
  }
}
