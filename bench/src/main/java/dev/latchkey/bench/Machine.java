package dev.latchkey.bench;

import com.github.difflib.unifieddiff.UnifiedDiffReader;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.eclipse.jgit.patch.Patch;
import org.lmdbjava.Meta;
import org.rocksdb.RocksDB;

/// What the figures depend on: the machine, the folder's disk and the libraries.
final class Machine {
  private static final Path STATISTICS = Path.of("/proc/stat");
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

  private Machine() {}

  /// Whether a file system of this type is kept in memory, so that an fsync costs nothing.
  static boolean isInMemory(String type) {
    return IN_MEMORY.contains(type);
  }

  /// Returns what the figures of kv depend on, by name.
  ///
  /// @param commit what was built
  static Map<String, String> facts(Path folder, Instant now, String commit)
      throws IOException, SQLException {
    Map<String, String> facts = common(folder, now, commit);
    RocksDB.loadLibrary();
    facts.put("RocksDB", RocksDB.rocksdbVersion() + jar(RocksDB.class));
    Meta.Version lmdb = Meta.version();
    facts.put("LMDB", lmdb.major + "." + lmdb.minor + "." + lmdb.patch + jar(Meta.class));
    return facts;
  }

  /// Returns what the figures of the inbox depend on, by name.
  ///
  /// @param commit what was built
  static Map<String, String> queueFacts(Path folder, Instant now, String commit)
      throws IOException, SQLException {
    Map<String, String> facts = common(folder, now, commit);
    facts.put("db-scheduler", jar(Scheduler.class).strip());
    facts.put("HikariCP", jar(HikariDataSource.class).strip());
    return facts;
  }

  /// Returns what the figures of the diff parser depend on, by name.
  ///
  /// @param commit what was built
  static Map<String, String> parserFacts(Instant now, String commit) throws IOException {
    Map<String, String> facts = system(now, commit);
    facts.put("JGit", jar(Patch.class).strip());
    facts.put("java-diff-utils", jar(UnifiedDiffReader.class).strip());
    return facts;
  }

  /// Returns what the figures of the server depend on, by name.
  ///
  /// @param commit what was built
  static Map<String, String> serverFacts(Path folder, Instant now, String commit)
      throws IOException, SQLException {
    Map<String, String> facts = common(folder, now, commit);
    facts.put("Helidon", jar(WebServer.class).strip());
    facts.put("server's options", String.join(" ", ServerProcess.OPTIONS));
    return facts;
  }

  /// The time that all processors together have been at work since the machine started; 0 where
  /// there is no `/proc`.
  static Duration busy() throws IOException {
    if (!Files.exists(STATISTICS)) {
      return Duration.ZERO;
    }
    // cpu  user nice system idle iowait irq softirq steal ..., in hundredths of a second
    String[] times = Files.readAllLines(STATISTICS).getFirst().split(" +", -1);
    long hundredths = IntStream.of(1, 2, 3, 6, 7, 8).mapToLong(i -> Long.parseLong(times[i])).sum();
    return Duration.ofMillis(hundredths * 10);
  }

  /// How many threads ran or wanted to in the last minute, those of this run among them.
  static String load() {
    return "%.1f".formatted(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static Map<String, String> common(Path folder, Instant now, String commit)
      throws IOException, SQLException {
    Map<String, String> facts = system(now, commit);
    facts.put("file system", Files.getFileStore(folder).type());
    facts.put("SQLite", sqlite());
    return facts;
  }

  private static Map<String, String> system(Instant now, String commit) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("date", now.truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("commit", commit);
    facts.put("processor", processor() + ", " + runtime.availableProcessors() + " cores");
    facts.put("memory", gibibytes(system.getTotalMemorySize()));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "Java",
        System.getProperty("java.vendor.version", "")
            + " "
            + Runtime.version()
            + ", heap "
            + gibibytes(runtime.maxMemory())
            + ", "
            + collectors());
    return facts;
  }

  private static String processor() throws IOException {
    Path processors = Path.of("/proc/cpuinfo");
    if (!Files.exists(processors)) {
      return System.getProperty("os.arch", "unknown");
    }
    return Files.readAllLines(processors).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch", "unknown"));
  }

  private static String collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .map(GarbageCollectorMXBean::getName)
        .collect(Collectors.joining(", "));
  }

  private static String sqlite() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sqlite_version()")) {
      rows.next();
      return rows.getString(1) + jar(connection.getClass());
    }
  }

  /// The file that a library was loaded from, in brackets: its name tells the version.
  private static String jar(Class<?> type) {
    String file = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    return " (" + file.substring(file.lastIndexOf('/') + 1) + ")";
  }

  private static String gibibytes(long bytes) {
    return "%.1f GiB".formatted((double) bytes / (1L << 30));
  }
}
