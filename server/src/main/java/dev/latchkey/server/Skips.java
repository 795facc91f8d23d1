package dev.latchkey.server;

import java.util.List;

/// What a repository does not want reviewed.
///
/// @param enabled false for nothing at all
/// @param onPush whether commits which are pushed to a reviewed pull request are reviewed too
/// @param labels a pull request with one of these is skipped
/// @param titles a pull request whose title has one of these in it is skipped, whatever its case
public record Skips(boolean enabled, boolean onPush, List<String> labels, List<String> titles) {

  static final Skips NONE = new Skips(true, true, List.of(), List.of());

  private static final int MOST = 100;
  private static final int MAX_LENGTH = 200;

  /// Takes them.
  ///
  /// @throws IllegalArgumentException if there are more than 100 of a kind, or one is longer than
  ///   200 characters
  public Skips {
    labels = List.copyOf(labels);
    titles = List.copyOf(titles);
    requireFew("labels", labels);
    requireFew("titles", titles);
  }

  private static void requireFew(String what, List<String> words) {
    if (words.size() > MOST || words.stream().anyMatch(word -> word.length() > MAX_LENGTH)) {
      throw new IllegalArgumentException(
          "skip." + what + " may have at most 100 entries, of at most 200 characters each");
    }
  }
}
