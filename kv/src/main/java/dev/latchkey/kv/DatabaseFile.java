package dev.latchkey.kv;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The file a database is kept in, known by its key (device and inode) rather than by a name.
///
/// Nothing here opens an existing file: closing it again would drop the locks that SQLite holds on
/// it (https://www.sqlite.org/howtocorrupt.html, "POSIX advisory locks").
final class DatabaseFile {

  private static final int MOST_LINKS = 40;

  private final Path target;
  private final Object key;

  /// The log's key, once SQLite has created it. It stays the same while the file is open.
  private volatile @Nullable Object logKey;

  private DatabaseFile(Path target, Object key) {
    this.target = target;
    this.key = key;
  }

  /// Returns the path without any symbolic link, the last component's included; one that points to
  /// no file names the one to create.
  static Path resolve(Path file) {
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      throw new IllegalArgumentException("not a path of the default file system: " + file);
    }
    try {
      Path path = file.toAbsolutePath();
      for (int links = 0; !Files.exists(path); links++) {
        Path directory = Objects.requireNonNullElse(path.getParent(), path).toRealPath();
        path = directory.resolve(Objects.requireNonNullElse(path.getFileName(), path));
        if (!Files.isSymbolicLink(path)) {
          return path;
        } else if (links == MOST_LINKS) {
          throw new KvException.Unavailable("more than 40 symbolic links: " + file, null);
        }
        path = directory.resolve(Files.readSymbolicLink(path));
      }
      return path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new KvException.Unavailable("the directory of " + file + " does not exist", e);
    } catch (IOException e) {
      throw new KvException.Unavailable("can't find " + file + ": " + e.getMessage(), e);
    }
  }

  /// Returns the file of that name, which is created if absent.
  static DatabaseFile at(Path target) {
    try {
      Files.createFile(target);
    } catch (FileAlreadyExistsException e) {
      requireRegular(target);
    } catch (IOException e) {
      throw new KvException.Unavailable("can't create " + target + ": " + e, e);
    }
    BasicFileAttributes attributes = attributesOf(target);
    if (attributes == null) {
      throw new KvException.Unavailable("removed while it was opened: " + target, null);
    }
    return new DatabaseFile(target, keyOf(target, attributes));
  }

  private static void requireRegular(Path target) {
    if (!Files.isRegularFile(target)) {
      throw new KvException.Unusable("not a regular file: " + target, null);
    }
    Path directory = Objects.requireNonNullElse(target.getParent(), target);
    if (!Files.isReadable(target) || !Files.isWritable(target) || !Files.isWritable(directory)) {
      throw new KvException.Unavailable(
          "no permission to read and write the file and its directory: " + target, null);
    }
    try {
      if (Files.getAttribute(target, "unix:nlink") instanceof Integer links && links > 1) {
        throw new KvException.Unusable(
            target + " has " + links + " names (hard links), so its log could be missed", null);
      }
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      // Not a Unix file system: there a file's other names can't be counted.
      return;
    } catch (IOException e) {
      throw new KvException.Unavailable("can't look at " + target + ": " + e, e);
    }
  }

  Path target() {
    return target;
  }

  Object key() {
    return key;
  }

  /// Returns the file that stands beside this one, with a longer name.
  Path beside(String suffix) {
    return target.resolveSibling(target.getFileName() + suffix);
  }

  /// Returns the size of the file and its log.
  long sizeBytes() {
    BasicFileAttributes file = attributesOf(target);
    BasicFileAttributes log = attributesOf(beside("-wal"));
    return (file == null ? 0 : file.size()) + (log == null ? 0 : log.size());
  }

  /// Returns SQLite's name for the file.
  ///
  /// @param parameters of the URI (https://www.sqlite.org/uri.html)
  String uri(String parameters) {
    return "file:" + target.toUri().getRawPath() + "?" + parameters;
  }

  /// Returns what happened to the file or its log since it was opened, or null if nothing did.
  @Nullable String changedBehindUs() {
    BasicFileAttributes file = attributesOf(target);
    if (file == null || !keyOf(target, file).equals(key)) {
      return target + (file == null ? " was removed" : " was replaced") + " while it was open";
    }
    Path log = beside("-wal");
    BasicFileAttributes found = attributesOf(log);
    Object known = logKey;
    if (known == null) {
      logKey = found == null ? null : keyOf(log, found);
    } else if (found == null || !keyOf(log, found).equals(known)) {
      return log + (found == null ? " was removed" : " was replaced") + " while it was open";
    }
    return null;
  }

  /// Takes the log away if the file it belongs to is gone from its name: the next to open a file of
  /// that name would take the log for its own. What is in it is kept under another name.
  void putAsideOrphanedLog() throws IOException {
    BasicFileAttributes file = attributesOf(target);
    Path log = beside("-wal");
    BasicFileAttributes found = attributesOf(log);
    boolean gone = file == null || !keyOf(target, file).equals(key);
    if (gone && found != null && keyOf(log, found).equals(logKey)) {
      Path aside = beside("-wal.orphan-" + Integer.toHexString(key.hashCode()));
      Files.move(log, aside, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static @Nullable BasicFileAttributes attributesOf(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      return null;
    }
  }

  /// Where files have no keys, the resolved path is the best there is.
  private static Object keyOf(Path path, BasicFileAttributes attributes) {
    return Objects.requireNonNullElse(attributes.fileKey(), path);
  }

  @Override
  public String toString() {
    return target.toString();
  }
}
