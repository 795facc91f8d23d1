package dev.latchkey.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files of a repository that people write: all below its root, except what git, builds and
/// editors keep there.
record Repository(Path root, List<Path> files) {
  private static final Set<String> KEPT_BY_OTHERS =
      Set.of(".git", "target", "node_modules", ".idea", ".vscode", ".settings");

  /// The repository that the folder `start` is in.
  static Repository around(Path start) {
    Path folder = start.toAbsolutePath();
    while (!Files.exists(folder.resolve(".ci"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalArgumentException("no folder above " + start + " has a .ci");
      }
    }
    return at(folder);
  }

  static Repository at(Path root) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(root, new Collector(root, files));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    files.sort(null);
    return new Repository(root, List.copyOf(files));
  }

  List<Path> files(String suffix) {
    return files.stream().filter(file -> file.toString().endsWith(suffix)).toList();
  }

  /// The file's name from the root on, with `/` on every system.
  String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /// The file's text; what isn't UTF-8 in it becomes U+FFFD.
  String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The names of the modules that the root's pom lists; none where there is no pom.
  List<String> modules() {
    Path pom = root.resolve("pom.xml");
    if (!Files.exists(pom)) {
      return List.of();
    }
    return text(pom)
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("<module>") && line.endsWith("</module>"))
        .map(line -> line.substring("<module>".length(), line.length() - "</module>".length()))
        .toList();
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Path data;
    private final List<Path> files;

    Collector(Path root, List<Path> files) {
      // Where the server keeps its database by default.
      this.data = root.resolve("data");
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return folder.equals(data) || KEPT_BY_OTHERS.contains(String.valueOf(folder.getFileName()))
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      // In a linked work tree .git is a file.
      if (attributes.isRegularFile() && !file.endsWith(".git")) {
        files.add(file);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
