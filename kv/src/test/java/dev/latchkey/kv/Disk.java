package dev.latchkey.kv;

import dev.latchkey.kv.DiskFile.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A folder on a disk which loses its power.
final class Disk {

  /// When it is certain that a file made or removed has its name, or has it no more.
  enum Naming {
    /// Once the folder was synced. POSIX promises no more, so this is the rule to be safe under.
    BY_FOLDER,
    /// Once the folder, or the new file itself, was synced; so it is on today's file systems.
    BY_FILE_TOO
  }

  private final Naming naming;
  private final Map<String, DiskFile> present = new HashMap<>();
  private final Map<String, DiskFile> certain = new TreeMap<>();
  private final List<Renaming> renamings = new ArrayList<>();

  /// A name which got a file, or lost the one it had.
  private record Renaming(String name, @Nullable DiskFile file) {
    void apply(Map<String, DiskFile> files) {
      if (file == null) {
        files.remove(name);
      } else {
        files.put(name, file);
      }
    }
  }

  Disk(Naming naming) {
    this.naming = naming;
  }

  void apply(Trace.Event event) {
    switch (event) {
      case Trace.Created(String file) -> rename(file, new DiskFile());
      case Trace.Removed(String file) -> rename(file, null);
      case Trace.Written(String file, long offset, byte[] bytes) -> file(file).write(offset, bytes);
      case Trace.Truncated(String file, long size) -> file(file).truncate(size);
      case Trace.Synced(String file) -> {
        if (file.equals(Trace.FOLDER)) {
          renamings.forEach(renaming -> renaming.apply(certain));
          renamings.clear();
        } else {
          sync(file(file));
        }
      }
      case Trace.SyncFailed(String file) -> {
        if (!file.equals(Trace.FOLDER)) {
          file(file).failSync();
        }
      }
      case Trace.Marked _ -> {}
    }
  }

  private void rename(String name, @Nullable DiskFile file) {
    Renaming renaming = new Renaming(name, file);
    renaming.apply(present);
    renamings.add(renaming);
  }

  private void sync(DiskFile file) {
    file.sync();
    if (naming == Naming.BY_FILE_TOO) {
      makeNamesCertain(file);
    }
  }

  /// Takes the file's name for certain, and with it what the name went through before.
  @SuppressWarnings("ReferenceEquality")
  private void makeNamesCertain(DiskFile file) {
    for (int i = renamings.size() - 1; i >= 0; i--) {
      Renaming renaming = renamings.get(i);
      if (renaming.file() == file) {
        renaming.apply(certain);
        renamings.subList(0, i + 1).removeIf(earlier -> earlier.name().equals(renaming.name()));
        return;
      }
    }
  }

  private DiskFile file(String name) {
    return Objects.requireNonNull(present.get(name), name);
  }

  /// Returns the files as programs see them while the power is on.
  Map<String, byte[]> present() {
    Map<String, byte[]> files = new TreeMap<>();
    present.forEach((name, file) -> files.put(name, file.present()));
    return files;
  }

  /// Returns files as they can be after a loss of power.
  Map<String, byte[]> afterPowerLoss(Random random) {
    Fate common = Fate.pick(random);
    boolean together = random.nextBoolean();
    Map<String, byte[]> files = new TreeMap<>();
    named(together ? common : Fate.pick(random), random)
        .forEach((name, file) ->
            files.put(name, file.afterPowerLoss(together ? common : Fate.pick(random), random)));
    return files;
  }

  private Map<String, DiskFile> named(Fate fate, Random random) {
    Map<String, DiskFile> files = new TreeMap<>(certain);
    int first = random.nextInt(renamings.size() + 1);
    Map<String, Boolean> over = new HashMap<>();
    for (int i = 0; i < renamings.size(); i++) {
      Renaming renaming = renamings.get(i);
      boolean done =
          switch (fate) {
            case NONE -> false;
            case ALL -> true;
            case FIRST -> i < first;
            // A name takes its changes in order, and independently of other names.
            case SOME, SECTORS ->
                !over.computeIfAbsent(renaming.name(), name -> false) && random.nextBoolean();
          };
      if (done) {
        renaming.apply(files);
      } else {
        over.put(renaming.name(), true);
      }
    }
    return files;
  }
}
