package dev.latchkey.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The rule that every package that is shipped says `@NullMarked` in its package-info.
final class PackageRules {
  private PackageRules() {}

  static List<Violation> check(List<JavaSource> sources) {
    Map<String, Boolean> marked = new TreeMap<>();
    for (JavaSource source : sources) {
      if (source.isMain() && !source.file().endsWith("module-info.java")) {
        marked.merge(folder(source.file()), isNullMarked(source), Boolean::logicalOr);
      }
    }
    List<Violation> found = new ArrayList<>();
    marked.forEach((folder, isMarked) -> {
      if (!isMarked) {
        String info = folder + "/package-info.java";
        found.add(new Violation(info, 1, "null-marked", "no @NullMarked on the package"));
      }
    });
    return found;
  }

  private static boolean isNullMarked(JavaSource source) {
    return source.unit().getPackageAnnotations().stream()
        .anyMatch(annotation -> annotation.getAnnotationType().toString().endsWith("NullMarked"));
  }

  private static String folder(String file) {
    return file.substring(0, file.lastIndexOf('/'));
  }
}
