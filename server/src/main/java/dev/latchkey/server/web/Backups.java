package dev.latchkey.server.web;

import dev.latchkey.kv.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Writes copies of the database beside it, for its owner's eyes alone.
public final class Backups {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Database database;
  private final Path file;
  private final InstantSource clock;

  /// A copy.
  public record Copy(String file, long sizeBytes) {}

  /// @param file the database's own
  public Backups(Database database, Path file, InstantSource clock) {
    this.database = database;
    this.file = file.toAbsolutePath();
    this.clock = clock;
  }

  /// Writes a copy, and returns once it is whole and on the disk.
  ///
  /// @param wanted its name, or empty for one made of the time
  Copy write(Optional<String> wanted) {
    String name = wanted.orElseGet(() -> "backup-" + TIME.format(clock.instant()) + ".db");
    Path target = file.resolveSibling(requireName(name));
    try {
      database.backupTo(target);
      Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
      return new Copy(name, Files.size(target));
    } catch (FileAlreadyExistsException e) {
      throw new Refusal(409, "There is a file " + name + " already; it was left as it is.");
    } catch (IOException e) {
      throw new UncheckedIOException("the backup " + name + " can't be written", e);
    }
  }

  /// A name that begins like the database's could be taken for a part of it: SQLite would read a
  /// file whose name ends in -wal as the database's log.
  private String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw Parameters.bad(
          "file must be a name of 1 to 100 letters, digits, dots, dashes and underscores.");
    }
    if (name.toLowerCase(Locale.ROOT)
        .startsWith(String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT))) {
      throw Parameters.bad("file must not begin with the database's own name.");
    }
    return name;
  }
}
