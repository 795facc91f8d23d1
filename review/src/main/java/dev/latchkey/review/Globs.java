package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Patterns of paths, much as in a `.gitignore`: `*` and `?` stand for characters other than `/`,
/// `**` for any. A pattern without a `/` but at its end matches at every depth, others from the
/// root; one with `/` at its end matches all that is below. A pattern after `!` takes matching
/// paths out again; the last that matches decides.
public final class Globs {
  private static final int MAX_LENGTH = 200;
  private static final int MAX_WILDCARDS = 8;

  private record Glob(boolean included, Pattern pattern) {}

  private final List<Glob> globs;

  private Globs(List<Glob> globs) {
    this.globs = globs;
  }

  /// Takes patterns in the order in which they count.
  ///
  /// @throws IllegalArgumentException if a pattern is empty, has more than 200 characters or 8
  ///   wildcards
  public static Globs of(List<String> patterns) {
    List<Glob> globs = new ArrayList<>();
    for (String pattern : patterns) {
      boolean included = !pattern.startsWith("!");
      globs.add(new Glob(included, regex(included ? pattern : pattern.substring(1))));
    }
    return new Globs(globs);
  }

  /// Whether a path, with `/` between its folders, is matched.
  public boolean match(String path) {
    boolean matched = false;
    for (Glob glob : globs) {
      if (glob.included() != matched && glob.pattern().matcher(path).matches()) {
        matched = glob.included();
      }
    }
    return matched;
  }

  private static Pattern regex(String glob) {
    boolean wild = glob.chars().filter(c -> c == '*' || c == '?').count() > 2 * MAX_WILDCARDS;
    if (glob.isBlank() || glob.length() > MAX_LENGTH || wild || stars(glob) > MAX_WILDCARDS) {
      throw new IllegalArgumentException(
          "the pattern \"%s\" must have 1 to %d characters and at most %d wildcards"
              .formatted(Visible.line(glob), MAX_LENGTH, MAX_WILDCARDS));
    }
    String body = glob.startsWith("/") ? glob.substring(1) : glob;
    boolean folder = body.endsWith("/");
    body = folder ? body.substring(0, body.length() - 1) : body;
    boolean anywhere = !glob.startsWith("/") && body.indexOf('/') < 0;
    StringBuilder regex = new StringBuilder(anywhere ? "(?:.*/)?" : "");
    for (int at = 0; at < body.length(); at++) {
      char c = body.charAt(at);
      if (c == '*' && body.startsWith("**/", at)) {
        regex.append("(?:.*/)?");
        at += 2;
      } else if (c == '*' && body.startsWith("**", at)) {
        regex.append(".*");
        at++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    // A pattern that names a folder has all that is in it.
    regex.append(folder ? "/.*" : "(?:/.*)?");
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  private static int stars(String glob) {
    return glob.replace("**", "*").chars().filter(c -> c == '*').map(_ -> 1).sum();
  }
}
