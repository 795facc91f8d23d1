package dev.latchkey.review;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Which files are worth a model's time, and in which order.
final class Selection {
  private static final Set<String> LOCK_FILES =
      Set.of(
          ".terraform.lock.hcl",
          "bun.lock",
          "bun.lockb",
          "cargo.lock",
          "composer.lock",
          "deno.lock",
          "flake.lock",
          "gemfile.lock",
          "go.sum",
          "gradle.lockfile",
          "mix.lock",
          "npm-shrinkwrap.json",
          "package-lock.json",
          "packages.lock.json",
          "pdm.lock",
          "pipfile.lock",
          "pnpm-lock.yaml",
          "podfile.lock",
          "poetry.lock",
          "pubspec.lock",
          "uv.lock",
          "yarn.lock");
  private static final Set<String> VENDORED =
      Set.of("vendor", "node_modules", "third_party", "bower_components");
  private static final Set<String> TEST_FOLDERS =
      Set.of("test", "tests", "__tests__", "spec", "testdata");
  private static final Set<String> SETTINGS_AND_DOCUMENTS =
      Set.of(
          "adoc",
          "cfg",
          "conf",
          "csv",
          "ini",
          "json",
          "md",
          "properties",
          "rst",
          "svg",
          "toml",
          "txt",
          "xml",
          "yaml",
          "yml");

  private static final Set<String> PROSE = Set.of("adoc", "csv", "md", "po", "rst", "svg", "txt");

  private Selection() {}

  /// Why a file is left out, if it is.
  static Optional<Omitted> omit(FileDiff file, ReviewOptions options) {
    return switch (file.completeness()) {
      case NO_TEXT -> omitted(file, Omitted.Reason.NO_TEXT, file.reason());
      case BINARY -> omitted(file, Omitted.Reason.BINARY, "");
      case SUBMODULE -> omitted(file, Omitted.Reason.SUBMODULE, "");
      case PARTIAL -> omitted(file, Omitted.Reason.INCOMPLETE_DIFF, file.reason());
      case COMPLETE -> omitText(file, options);
    };
  }

  private static Optional<Omitted> omitText(FileDiff file, ReviewOptions options) {
    String path = file.path().toLowerCase(Locale.ROOT);
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (LOCK_FILES.contains(name)) {
      return omitted(file, Omitted.Reason.LOCK_FILE, "");
    }
    if (inFolder(path, VENDORED)) {
      return omitted(file, Omitted.Reason.VENDORED, "");
    }
    if (name.endsWith(".min.js") || name.endsWith(".min.css") || name.endsWith(".map")) {
      return omitted(file, Omitted.Reason.MINIFIED, "");
    }
    long tokens = Tokens.of(file);
    return tokens <= options.maxFileTokens()
        ? Optional.empty()
        : omitted(
            file,
            Omitted.Reason.TOO_LARGE,
            "about %,d tokens, limit %,d".formatted(tokens, options.maxFileTokens()));
  }

  private static Optional<Omitted> omitted(FileDiff file, Omitted.Reason reason, String detail) {
    return Optional.of(new Omitted(file.path(), reason, detail));
  }

  /// 0 for source, 1 for tests, 2 for configuration and documents.
  static int rank(FileDiff file) {
    String path = file.path().toLowerCase(Locale.ROOT);
    String name = path.substring(path.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    if (SETTINGS_AND_DOCUMENTS.contains(name.substring(dot + 1))) {
      return 2;
    }
    String stem = dot < 0 ? name : name.substring(0, dot);
    boolean test =
        inFolder(path, TEST_FOLDERS)
            || stem.startsWith("test_")
            || stem.endsWith("test")
            || stem.endsWith("tests")
            || stem.endsWith(".spec");
    return test ? 1 : 0;
  }

  /// Whether a file is for people rather than for a compiler.
  static boolean isProse(FileDiff file) {
    String path = file.path().toLowerCase(Locale.ROOT);
    return PROSE.contains(path.substring(path.lastIndexOf('.') + 1));
  }

  private static boolean inFolder(String path, Set<String> folders) {
    int start = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start)) {
      if (folders.contains(path.substring(start, slash))) {
        return true;
      }
      start = slash + 1;
    }
    return false;
  }
}
