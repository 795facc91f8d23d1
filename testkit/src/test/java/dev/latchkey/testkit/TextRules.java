package dev.latchkey.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The rules about any text: nothing in it may tie the repository to one machine or to one package
/// registry; scripts and templates keep the line's length, module poms are short.
final class TextRules {
  static final int POM_LINES = 24;

  /// Written in pieces, so that this file doesn't break the rule itself.
  private static final Pattern REGISTRY =
      Pattern.compile(
          "repo1?\\.mav"
              + "en\\.|registry\\.n"
              + "pmjs\\.|\\bdeb\\.deb"
              + "ian\\.|\\bpyp"
              + "i\\.");

  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w./}*-])/(wo" + "rk|ro" + "ot|ho" + "me|Us" + "ers)/[\\w.-]+");

  private static final Map<Pattern, String> REFUSED =
      Map.of(REGISTRY, "registry-host", MACHINE_PATH, "machine-path");

  private TextRules() {}

  static List<Violation> check(Repository repository) {
    List<Violation> found = new ArrayList<>();
    for (Path file : repository.files()) {
      String text = repository.text(file);
      if (text.indexOf('\0') < 0) {
        checkText(repository.name(file), text.lines().toList(), found);
      }
    }
    return found;
  }

  private static void checkText(String file, List<String> lines, List<Violation> found) {
    boolean narrow = file.equals("latchkey") || file.equals(".ci/run") || file.endsWith(".jte");
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      for (var refused : REFUSED.entrySet()) {
        var matcher = refused.getKey().matcher(line);
        if (matcher.find()) {
          found.add(new Violation(file, i + 1, refused.getValue(), matcher.group()));
        }
      }
      if (narrow && line.length() > JavaRules.COLUMNS) {
        String what = line.length() + " columns, limit " + JavaRules.COLUMNS;
        found.add(new Violation(file, i + 1, "line-length", what));
      }
    }
    if (file.endsWith("/pom.xml") && lines.size() > POM_LINES) {
      String what =
          lines.size() + " lines, limit " + POM_LINES + ": the parent holds what is shared";
      found.add(new Violation(file, 1, "pom-length", what));
    }
  }
}
