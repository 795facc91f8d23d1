package dev.latchkey.kv;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file a database is kept in, known by its key (device and inode) rather than by a name.
///
/// Nothing here opens the file once it exists: closing it again would drop the locks that SQLite
/// holds on it (https://www.sqlite.org/howtocorrupt.html, "POSIX advisory locks"). On its log it
/// holds none.
final class DatabaseFile {

  /// Read and written by the owner, and by nobody else.
  static final Set<PosixFilePermission> OWNER_ONLY =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private static final int MOST_LINKS = 40;
  private static final int WRITTEN_AT_ONCE = 1 << 16;

  /// SQLite's own limit, less the longest of its suffixes.
  private static final int LONGEST_PATH = 512 - "-journal".length();

  private static final List<String> NEIGHBOURS = List.of(".lock", ".pid", "-wal", "-journal");

  /// What a log of SQLite's begins with; the last byte may have its lowest bit set.
  private static final byte[] LOG_MAGIC = {0x37, 0x7f, 0x06, (byte) 0x82};

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
    requireRoomForNames(target);
    requireNoLogWithoutFile(target);
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

  /// Refuses a name beside which the other files can't be, before anything is created.
  private static void requireRoomForNames(Path target) {
    int bytes = target.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > LONGEST_PATH) {
      throw new KvException.Unavailable(
          "the path has " + bytes + " bytes, limit " + LONGEST_PATH + ": " + target, null);
    }
    for (String suffix : NEIGHBOURS) {
      Path neighbour = besides(target, suffix);
      try {
        if (!Files.readAttributes(neighbour, BasicFileAttributes.class).isRegularFile()) {
          throw new KvException.Unavailable(
              "not a regular file, but needed as one: " + neighbour, null);
        }
      } catch (NoSuchFileException e) {
        // It is made when it is needed.
      } catch (IOException e) {
        throw new KvException.Unavailable("can't have " + neighbour + ": " + e.getMessage(), e);
      }
    }
  }

  /// Refuses to begin a new file beside a log, which SQLite would remove. The log is looked at
  /// first: whoever creates a file gives it its first page before its log.
  private static void requireNoLogWithoutFile(Path target) {
    Path log = besides(target, "-wal");
    if (sizeOf(log) > 0 && sizeOf(target) <= 0) {
      throw new KvException.Unusable(
          target + " is empty or missing, but its log is there: " + log, null);
    }
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
      if (links(target) > 1) {
        removeNamesOfUnfinishedCopies(target, directory);
      }
      int links = links(target);
      if (links > 1) {
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

  private static int links(Path target) throws IOException {
    return Files.getAttribute(target, "unix:nlink") instanceof Integer links ? links : 1;
  }

  /// A backup has two names if its process was killed while it was given its own.
  private static void removeNamesOfUnfinishedCopies(Path target, Path directory)
      throws IOException {
    try (DirectoryStream<Path> copies =
        Files.newDirectoryStream(directory, Backup.UNFINISHED + "*")) {
      for (Path copy : copies) {
        if (!copy.equals(target) && Files.isSameFile(copy, target)) {
          Files.deleteIfExists(copy);
        }
      }
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
    return besides(target, suffix);
  }

  private static Path besides(Path target, String suffix) {
    return target.resolveSibling(target.getFileName() + suffix);
  }

  /// Returns who may do what with the file.
  Set<PosixFilePermission> permissions() throws IOException {
    try {
      return Files.getPosixFilePermissions(target);
    } catch (UnsupportedOperationException e) {
      return OWNER_ONLY;
    }
  }

  /// Returns the size of the file, without its log.
  long bytes() {
    return sizeOf(target);
  }

  /// Returns the size of the file that stands beside this one, or -1 if there is none.
  long bytesBeside(String suffix) {
    return sizeOf(beside(suffix));
  }

  private static long sizeOf(Path path) {
    BasicFileAttributes attributes = attributesOf(path);
    return attributes == null ? -1 : attributes.size();
  }

  /// Refuses a log that SQLite can't have written, which it would take for an empty one and
  /// overwrite. Zeros may be what a loss of power left of it. To be asked only while no connection
  /// of this process is open on the file; SQLite has no locks on its log.
  void requireLog() {
    Path log = beside("-wal");
    try (InputStream in = Files.newInputStream(log)) {
      byte[] found = in.readNBytes(LOG_MAGIC.length);
      for (int i = 0; i < found.length; i++) {
        int mask = i == LOG_MAGIC.length - 1 ? ~1 : ~0;
        if (found[i] != 0 && (found[i] & mask) != LOG_MAGIC[i]) {
          throw new KvException.Unusable("not a log of SQLite's: " + log, null);
        }
      }
    } catch (IOException e) {
      throw new KvException.Unavailable("can't read " + log + ": " + e, e);
    }
  }

  /// Returns the size of the file and its log.
  long sizeBytes() {
    return Math.max(0, bytes()) + Math.max(0, bytesBeside("-wal"));
  }

  /// Returns SQLite's name for the file.
  ///
  /// @param parameters of the URI (https://www.sqlite.org/uri.html)
  String uri(String parameters) {
    return "file:" + target.toUri().getRawPath() + "?" + parameters;
  }

  /// Writes the log that was left behind once more, byte for byte. If a sync of it failed before,
  /// what is read from it need not be on the disk, while the kernel takes it for written: a loss of
  /// power would take it away, and with it whatever had been added and synced since.
  ///
  /// Only while SQLite holds its lock on the file, which keeps foreign programs from writing to the
  /// log, and before anything is written through it.
  void renewLog() {
    Path log = beside("-wal");
    if (!Files.isRegularFile(log)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(WRITTEN_AT_ONCE);
      for (long at = 0; channel.read(buffer, at) > 0; buffer.clear()) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          at += channel.write(buffer, at);
        }
      }
      channel.force(true);
    } catch (IOException e) {
      throw new KvException.Unavailable("can't write " + log + " once more: " + e, e);
    }
  }

  /// Makes sure that the file and its log are in their directory after a loss of power. SQLite
  /// tries that too when it first syncs a new log, but goes on if it can't.
  void syncNames() {
    Path directory = target.getParent();
    if (directory == null
        || !directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      // Only there can a directory be opened.
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      throw new KvException.Unavailable("can't sync " + directory + ": " + e, e);
    }
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
