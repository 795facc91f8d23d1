package dev.latchkey.kv;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The engines of the files that are open in this process, one for each file.
final class Engines {

  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Map<Object, Engine> BY_KEY = new HashMap<>();

  private Engines() {}

  /// Returns the file's engine, counting a handle more.
  static Engine acquire(Path file, DatabaseOptions options) {
    return acquire(file, options, Session::open);
  }

  /// @param writing opens the session that writes, should there be no engine yet
  static Engine acquire(Path file, DatabaseOptions options, Session.Opening writing) {
    return Threads.onOwn(
        "latchkey-kv-open", () -> locked(() -> acquireLocked(file, options, writing)));
  }

  /// Counts a handle less, and shuts the engine down with the last.
  static void release(Engine engine, DatabaseOptions options) {
    Threads.onOwn(
        "latchkey-kv-close",
        () ->
            locked(() -> {
              engine.closed(options);
              if (--engine.handles == 0) {
                BY_KEY.values().remove(engine);
                engine.shutDown();
              }
              return engine;
            }));
  }

  private static Engine locked(Supplier<Engine> work) {
    LOCK.lock();
    try {
      return work.get();
    } finally {
      LOCK.unlock();
    }
  }

  private static Engine acquireLocked(Path name, DatabaseOptions options, Session.Opening writing) {
    Path target = DatabaseFile.resolve(name);
    for (Engine open : BY_KEY.values()) {
      if (open.isOf(target)) {
        // Were the file another one by now, the log beside it would still be the old one's.
        open.requireUnchangedFile();
      }
    }
    DatabaseFile file = DatabaseFile.at(target);
    Engine open = BY_KEY.get(file.key());
    if (open != null) {
      open.requireUnchangedFile();
      requireSame(open.options(), options, file);
    }
    Engine engine = open != null ? open : openFile(file, options, writing);
    try {
      engine.opened(options);
    } catch (Throwable e) {
      if (open == null) {
        engine.shutDown();
      }
      throw e;
    }
    BY_KEY.put(file.key(), engine);
    engine.handles++;
    return engine;
  }

  /// The same clock means the same instance: two that differ could disagree on what has expired.
  @SuppressWarnings("ReferenceEquality")
  private static void requireSame(DatabaseOptions open, DatabaseOptions wanted, DatabaseFile file) {
    String differing =
        open.durability() != wanted.durability()
            ? "durability"
            : open.maxValueBytes() != wanted.maxValueBytes()
                ? "maxValueBytes"
                : open.clock() != wanted.clock() ? "clock" : null;
    if (differing != null) {
      throw new IllegalStateException(file + " is open in this process with another " + differing);
    }
  }

  private static Engine openFile(
      DatabaseFile file, DatabaseOptions options, Session.Opening writing) {
    Ownership ownership = Ownership.claim(file);
    boolean opened = false;
    try {
      // Where there is no lock file, nobody has the file open, and if it is refused none is made.
      boolean unlocked = file.bytesBeside(".lock") < 0;
      if (!unlocked) {
        ownership.lock();
      }
      Session session = FirstLook.open(file, writing);
      if (unlocked) {
        lock(ownership, session);
      }
      Engine engine = Engine.ofFile(session, file, ownership, options);
      opened = true;
      return engine;
    } catch (SQLException e) {
      throw translated(file, e);
    } finally {
      if (!opened) {
        ownership.close();
      }
    }
  }

  private static void lock(Ownership ownership, Session session) {
    try {
      ownership.lock();
    } catch (Throwable e) {
      Session.closeAfter(e, session);
      throw e;
    }
  }

  private static KvException translated(DatabaseFile file, SQLException e) {
    if (SqlFailure.isNotADatabase(e)) {
      return new KvException.Unusable(file + " is not a SQLite database, or is encrypted", e);
    } else if (SqlFailure.isDamage(e)) {
      return new KvException.Unusable(file + " is damaged: " + e.getMessage(), e);
    }
    return new KvException.Unavailable("can't open " + file + ": " + e.getMessage(), e);
  }
}
