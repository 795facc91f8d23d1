package dev.latchkey.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A file as it may be on a disk which loses its power: what was synced is there for certain, and
/// of what was written since, some.
final class DiskFile {

  /// A disk writes a sector as a whole or not at all.
  private static final int SECTOR = 512;

  private byte[] certain = {};

  /// What was done since, in order.
  private final List<Change> changes = new ArrayList<>();

  /// What becomes of the changes that are not certain.
  enum Fate {
    NONE,
    ALL,
    /// Those up to one of them.
    FIRST,
    /// Any of them, each as a whole.
    SOME,
    /// Any sector of any of them.
    SECTORS;

    static Fate pick(Random random) {
      return values()[random.nextInt(values().length)];
    }
  }

  private enum State {
    PENDING,
    CERTAIN,
    /// A sync failed. The kernel may have dropped it and believe that it is written, so that no
    /// later sync writes it.
    FORSAKEN
  }

  private static final class Change {
    final int at;

    /// Null if the file was cut to that size.
    final byte @Nullable [] bytes;

    State state = State.PENDING;

    Change(long at, byte @Nullable [] bytes) {
      this.at = Math.toIntExact(at);
      this.bytes = bytes;
    }

    int sizeAfter(int size) {
      return bytes == null ? at : Math.max(size, at + bytes.length);
    }
  }

  void write(long offset, byte[] bytes) {
    changes.add(new Change(offset, bytes));
  }

  void truncate(long size) {
    changes.add(new Change(size, null));
  }

  void sync() {
    replaceState(State.CERTAIN);
    int count = 0;
    Content content = new Content(certain);
    while (count < changes.size() && changes.get(count).state == State.CERTAIN) {
      content.apply(changes.get(count++));
    }
    certain = content.bytes();
    changes.subList(0, count).clear();
  }

  void failSync() {
    replaceState(State.FORSAKEN);
  }

  private void replaceState(State state) {
    for (Change change : changes) {
      if (change.state == State.PENDING) {
        change.state = state;
      }
    }
  }

  /// Returns the content as programs see it while the power is on.
  byte[] present() {
    Content content = new Content(certain);
    changes.forEach(content::apply);
    return content.bytes();
  }

  /// Returns a content that the file can have after a loss of power.
  byte[] afterPowerLoss(Fate fate, Random random) {
    Content content = new Content(certain);
    int sizeOfAll = content.size;
    int sizeOfCertain = content.size;
    int first = random.nextInt(changes.size() + 1);
    double chance = random.nextDouble();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      Fate own = change.state == State.FORSAKEN ? Fate.pick(random) : fate;
      boolean whole =
          change.state == State.CERTAIN
              || switch (own) {
                case NONE -> false;
                case ALL -> true;
                case FIRST -> i < first;
                case SOME -> random.nextDouble() < chance;
                case SECTORS -> change.bytes == null && random.nextBoolean();
              };
      if (whole) {
        content.apply(change);
      } else if (own == Fate.SECTORS && change.bytes != null) {
        content.applySectors(change.bytes, change.at, chance, random);
      }
      sizeOfAll = change.sizeAfter(sizeOfAll);
      sizeOfCertain = change.state == State.CERTAIN ? sizeOfAll : sizeOfCertain;
    }
    if (fate == Fate.SOME || fate == Fate.SECTORS) {
      // The size is written apart from what it is the size of.
      switch (random.nextInt(3)) {
        case 0 -> content.resize(sizeOfCertain);
        case 1 -> content.resize(sizeOfAll);
        default -> {}
      }
    }
    return content.bytes();
  }

  /// Bytes that grow.
  private static final class Content {
    private byte[] bytes;
    private int size;

    Content(byte[] bytes) {
      this.bytes = bytes.clone();
      this.size = bytes.length;
    }

    byte[] bytes() {
      return Arrays.copyOf(bytes, size);
    }

    void apply(Change change) {
      if (change.bytes == null) {
        resize(change.at);
      } else {
        put(change.bytes, 0, change.bytes.length, change.at);
      }
    }

    void applySectors(byte[] from, int at, double chance, Random random) {
      for (int start = 0; start < from.length; ) {
        int end = Math.min(from.length, start + SECTOR - (at + start) % SECTOR);
        if (random.nextDouble() < chance) {
          put(from, start, end - start, at + start);
        }
        start = end;
      }
    }

    private void put(byte[] from, int start, int count, int at) {
      if (at + count > size) {
        resize(at + count);
      }
      System.arraycopy(from, start, bytes, at, count);
    }

    /// What is new reads as zeros.
    void resize(int newSize) {
      if (newSize > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(newSize, 2 * bytes.length));
      } else if (newSize < size) {
        Arrays.fill(bytes, newSize, size, (byte) 0);
      }
      size = newSize;
    }
  }
}
