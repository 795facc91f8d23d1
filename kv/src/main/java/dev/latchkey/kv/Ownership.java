package dev.latchkey.kv;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// This process's sole right to a file, for as long as its engine runs.
///
/// The lock is a POSIX lock, which the closing of any other channel of `<file>.lock` in this
/// process would drop. So it is held by one channel, the file has no content, and before it is
/// opened at all, a claim in the system properties keeps out another copy of this library, loaded
/// by another class loader.
final class Ownership implements AutoCloseable {

  private static final String COPY = UUID.randomUUID().toString();
  private static final int LONGEST_PID = 32;

  /// Channels that must not be closed, because the lock seen through them is somebody else's.
  private static final List<FileChannel> NEVER_CLOSED = new CopyOnWriteArrayList<>();

  private final DatabaseFile file;
  private final String claim;
  private @Nullable FileChannel channel;

  private Ownership(DatabaseFile file) {
    this.file = file;
    this.claim = claimOf(file);
  }

  static String claimOf(DatabaseFile file) {
    return "dev.latchkey.kv.open." + file.key();
  }

  /// Claims the file within this process.
  static Ownership claim(DatabaseFile file) {
    Ownership ownership = new Ownership(file);
    if (System.getProperties().putIfAbsent(ownership.claim, COPY) != null) {
      throw new KvException.Unavailable(
          file + " is open in this process through another copy of this library", null);
    }
    return ownership;
  }

  /// Locks the file against other processes.
  void lock() {
    Path lockFile = file.beside(".lock");
    boolean locked = false;
    FileChannel opened = null;
    try {
      opened = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = opened.tryLock();
      locked = lock != null;
      if (!locked) {
        throw new KvException.Unavailable(
            file + " is open in another process, pid " + ownerOf(file), null);
      }
      channel = opened;
      Files.writeString(file.beside(".pid"), ProcessHandle.current().pid() + "\n");
    } catch (OverlappingFileLockException e) {
      NEVER_CLOSED.add(opened);
      opened = null;
      throw new KvException.Unavailable(lockFile + " is locked in this process already", e);
    } catch (IOException e) {
      throw new KvException.Unavailable("can't lock " + lockFile + ": " + e, e);
    } finally {
      if (!locked && opened != null) {
        closeQuietly(opened);
      }
    }
  }

  private static String ownerOf(DatabaseFile file) {
    try {
      Path pid = file.beside(".pid");
      if (Files.size(pid) <= LONGEST_PID) {
        String text = Files.readString(pid).strip();
        return text.isEmpty() ? "unknown" : text;
      }
      return "unknown";
    } catch (IOException e) {
      // The owner has not written it yet, or has just gone.
      return "unknown";
    }
  }

  private static void closeQuietly(FileChannel opened) {
    try {
      opened.close();
    } catch (IOException e) {
      // Nothing was written through it.
      return;
    }
  }

  /// Gives the file up. The lock file stays: if it were removed, two processes could hold locks on
  /// two files of that name.
  @Override
  public void close() {
    FileChannel held = channel;
    if (held != null) {
      try {
        Files.deleteIfExists(file.beside(".pid"));
      } catch (IOException e) {
        // It only says whose the lock was.
      }
      closeQuietly(held);
    }
    System.getProperties().remove(claim);
  }
}
