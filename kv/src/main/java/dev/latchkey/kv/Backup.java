package dev.latchkey.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// Copies a database into a new file.
///
/// The copy is written under a name of its own, synced, and only then linked to its final name,
/// which therefore never stands for a part, and never replaces a file.
final class Backup {

  /// How the name of a copy begins until it is whole and has its own. A process that is killed
  /// between the two leaves a file with both.
  static final String UNFINISHED = ".latchkey-backup-";

  private Backup() {}

  /// Copies on a thread of its own, since that would pin a virtual thread's carrier for long.
  static void write(SqlDatabase database, Path file) throws IOException {
    try {
      boolean _ =
          Threads.onOwn(
              "latchkey-kv-backup",
              () -> {
                try {
                  copyTo(database, file);
                  return true;
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void copyTo(SqlDatabase database, Path file) throws IOException {
    Path target = file.toAbsolutePath();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(target.toString());
    }
    Path directory = Objects.requireNonNullElse(target.getParent(), target);
    Path copy = directory.resolve(UNFINISHED + UUID.randomUUID());
    try {
      create(copy, database.engine().permissions());
      copy(database, copy);
      sync(copy);
      Files.createLink(target, copy);
    } finally {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + "-journal"));
    }
    try {
      sync(directory);
    } catch (IOException e) {
      // Its name would be there or not after a loss of power, and a failed copy leaves nothing.
      Files.deleteIfExists(target);
      throw e;
    }
  }

  /// Creates the file that SQLite is to fill, for the eyes of those who may read the original.
  private static void create(Path copy, Set<PosixFilePermission> permissions) throws IOException {
    try {
      Files.createFile(copy, PosixFilePermissions.asFileAttribute(permissions));
    } catch (UnsupportedOperationException e) {
      // Not a file system of Unix, so what may be read there is set otherwise.
      Files.createFile(copy);
    }
  }

  private static void copy(SqlDatabase database, Path copy) throws IOException {
    Engine engine = database.engine();
    try {
      if (engine.isInMemory()) {
        engine
            .writer()
            .alone(session -> vacuumInto(session, copy), database.options().lockTimeout());
        return;
      }
      engine.readers().readForLong(session -> vacuumInto(session, copy));
    } catch (SQLException e) {
      throw new IOException("the copy could not be written: " + e.getMessage(), e);
    }
  }

  private static boolean vacuumInto(Session session, Path copy) throws SQLException {
    session.change("VACUUM INTO ?", copy.toString());
    try (Session written = Session.open("file:" + copy.toUri().getRawPath())) {
      Schema.renew(written);
    }
    return true;
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
