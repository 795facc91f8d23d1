package dev.latchkey.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Looks at everything the server needs, without starting it and without a call that costs.
final class Doctor {

  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final Configuration configuration;
  private final Settings settings;
  private final InstantSource clock;

  /// @throws SettingsException if the settings can't be used
  Doctor(Configuration configuration, InstantSource clock) {
    this.configuration = configuration;
    this.settings = Settings.read(configuration);
    this.clock = clock;
  }

  List<Check> examine() {
    List<Check> checks = new ArrayList<>();
    checks.add(configuration());
    DatabaseChecks database = new DatabaseChecks(settings);
    checks.add(database.database());
    checks.add(database.disk());
    GitHubChecks github = new GitHubChecks(settings, clock);
    checks.add(github.clock());
    checks.addAll(github.app());
    checks.add(new ModelChecks(settings.model()).model());
    checks.add(admin());
    return checks;
  }

  private Check configuration() {
    String name = "configuration";
    List<String> strange = configuration.strangeVariables();
    if (!strange.isEmpty()) {
      return Check.warn(
          name, "no setting is called %s; unset it".formatted(String.join(", ", strange)));
    }
    Path file = configuration.file().orElse(null);
    if (file == null) {
      return Check.ok(name, "environment variables, no file");
    }
    if (configuration.fileHoldsSecrets() && openToOthers(file)) {
      return Check.warn(
          name, "%s holds secrets and others can read it; chmod 600 it".formatted(file));
    }
    return Check.ok(name, file + ", and environment variables");
  }

  private static boolean openToOthers(Path file) {
    try {
      return Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains);
    } catch (IOException | UnsupportedOperationException e) {
      // A file system without modes has its own ways.
      return false;
    }
  }

  private Check admin() {
    Settings.Listener at = settings.admin().listener();
    String where = at.host() + ", port " + at.port();
    return Check.ok(
        "admin",
        where + (settings.admin().token().isPresent() ? ", by token" : ", no token needed"));
  }
}
