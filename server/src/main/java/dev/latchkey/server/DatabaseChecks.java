package dev.latchkey.server;

import dev.latchkey.inbox.InboxOptions;
import dev.latchkey.kv.Database;
import dev.latchkey.kv.KvException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks at the database and the disk it is on. A database that isn't there is not made.
final class DatabaseChecks {

  private static final String NAME = "database";
  private static final Pattern OWNER = Pattern.compile("open in another process, pid (\\S+)");
  private static final int MEBIBYTE = 1 << 20;

  private final Settings settings;
  private final Path file;

  DatabaseChecks(Settings settings) {
    this.settings = settings;
    this.file = settings.database().toAbsolutePath().normalize();
  }

  Check database() {
    if (!Files.exists(file)) {
      Path folder = folder();
      return Files.isDirectory(folder) && Files.isWritable(folder)
          ? Check.ok(NAME, file + " is not there yet; the server will make it")
          : Check.fail(NAME, folder + " is no folder this user may write to; change that");
    }
    try (Database _ = Database.open(file)) {
      return Check.ok(NAME, file + " opens");
    } catch (KvException e) {
      Matcher owner = OWNER.matcher(String.valueOf(e.getMessage()));
      return owner.find()
          ? inUse(owner.group(1))
          : Check.fail(NAME, String.valueOf(e.getMessage()));
    }
  }

  private Check inUse(String pid) {
    Settings.Listener at = settings.webhooks();
    String host =
        switch (at.host()) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "[::1]";
          default -> at.host().contains(":") ? "[" + at.host() + "]" : at.host();
        };
    try {
      URI health = URI.create("http://" + host + ":" + at.port() + "/health");
      if (Probe.of(health, Map.of()).body().contains("\"checks\"")) {
        return Check.ok(NAME, file + " is in use by the running server, pid " + pid);
      }
    } catch (IOException | IllegalArgumentException e) {
      // Nobody serves there, so the owner is none of ours as far as can be told.
    }
    return Check.warn(
        NAME,
        "%s is in use by pid %s, and no server answers at %s, port %d; stop it before serving"
            .formatted(file, pid, host, at.port()));
  }

  Check disk() {
    long least =
        InboxOptions.of(
                new EventRouter(
                    settings.app(), new ReviewWorks(settings.limits(), settings.reviews())))
            .minFreeBytes();
    try {
      FileStore disk = Files.getFileStore(folder());
      long free = disk.getUsableSpace();
      String told = "%d MiB are free for %s".formatted(free / MEBIBYTE, file);
      if (free < least) {
        return Check.fail(
            "disk", told + "; below %d MiB deliveries are refused".formatted(least / MEBIBYTE));
      }
      return free < 4 * least
          ? Check.warn(
              "disk", told + "; at %d MiB deliveries are refused".formatted(least / MEBIBYTE))
          : Check.ok("disk", told);
    } catch (IOException e) {
      return Check.warn("disk", "can't tell how much is free: " + e.getMessage());
    }
  }

  /// Returns the nearest folder that is there.
  private Path folder() {
    Path folder = Objects.requireNonNullElse(file.getParent(), file);
    while (!Files.exists(folder) && folder.getParent() != null) {
      folder = folder.getParent();
    }
    return folder;
  }
}
