package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;

/// Patterns of paths, much as in a `.gitignore`: `*` and `?` stand for characters other than `/`,
/// `**` for any. A pattern without a `/` but at its end matches at every depth, others from the
/// root; one with `/` at its end matches all that is below. A pattern after `!` takes matching
/// paths out again; the last that matches decides.
public final class Globs {
  private static final int MAX_LENGTH = 200;

  private record Glob(boolean included, GlobPattern pattern) {}

  private final List<Glob> globs;

  private Globs(List<Glob> globs) {
    this.globs = globs;
  }

  /// Takes patterns in the order in which they count.
  ///
  /// @throws IllegalArgumentException if a pattern is blank or has more than 200 characters
  public static Globs of(List<String> patterns) {
    List<Glob> globs = new ArrayList<>();
    for (String pattern : patterns) {
      boolean included = !pattern.startsWith("!");
      globs.add(new Glob(included, parsed(included ? pattern : pattern.substring(1))));
    }
    return new Globs(globs);
  }

  /// Whether a path, with `/` between its folders, is matched.
  public boolean match(String path) {
    boolean matched = false;
    for (Glob glob : globs) {
      if (glob.included() != matched && glob.pattern().matches(path)) {
        matched = glob.included();
      }
    }
    return matched;
  }

  private static GlobPattern parsed(String glob) {
    if (glob.isBlank() || glob.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "the pattern \"%s\" must have 1 to %d characters"
              .formatted(Visible.line(glob), MAX_LENGTH));
    }
    return GlobPattern.of(glob);
  }
}
