package dev.latchkey.review;

import java.util.List;

/// What a repository's maintainers ask of its reviews.
///
/// @param ignore which files are left out, as patterns of [Globs]; later ones win
/// @param instructions what to look at, for files that match
/// @param language the one to write in, for example `German`; empty for the model's own choice
public record Rules(List<String> ignore, List<Instruction> instructions, String language) {
  /// None at all.
  public static final Rules NONE = new Rules(List.of(), List.of(), "");

  private static final int MAX_PATTERNS = 100;
  private static final int MAX_TEXT = 4_000;
  private static final int MAX_LANGUAGE = 40;

  /// Words for the model about some files.
  ///
  /// @param paths patterns, one of which a file's path has to match; empty for every file
  /// @param text at most 4,000 characters
  public record Instruction(List<String> paths, String text) {
    /// Takes words for files.
    ///
    /// @throws IllegalArgumentException if a pattern can't be one, or the text is blank or too long
    public Instruction {
      paths = List.copyOf(paths);
      Globs.of(paths);
      if (text.isBlank() || text.length() > MAX_TEXT) {
        throw new IllegalArgumentException(
            "an instruction must have 1 to " + MAX_TEXT + " characters");
      }
    }

    boolean isFor(String path) {
      return paths.isEmpty() || Globs.of(paths).match(path);
    }
  }

  /// Takes all of them.
  ///
  /// @throws IllegalArgumentException if a pattern can't be one, there are more than 100 of them or
  ///   of the instructions, or the language is no word; the message says which
  public Rules {
    ignore = List.copyOf(ignore);
    instructions = List.copyOf(instructions);
    if (ignore.size() > MAX_PATTERNS || instructions.size() > MAX_PATTERNS) {
      throw new IllegalArgumentException(
          "at most " + MAX_PATTERNS + " patterns and as many instructions are allowed");
    }
    Globs.of(ignore);
    boolean word =
        language.codePoints().allMatch(c -> Character.isLetter(c) || " -()".indexOf(c) >= 0);
    if (language.length() > MAX_LANGUAGE || !word) {
      throw new IllegalArgumentException(
          "the language must be its name, in at most " + MAX_LANGUAGE + " letters");
    }
  }

  /// What the prompt for these files says of the repository's wishes; empty if there are none.
  String words(List<FileDiff> files) {
    StringBuilder words = new StringBuilder();
    for (Instruction instruction : instructions) {
      if (files.stream().anyMatch(file -> instruction.isFor(file.path()))) {
        words.append("\nThe repository's maintainers ask");
        if (!instruction.paths().isEmpty()) {
          words.append(", for files that match ").append(String.join(", ", instruction.paths()));
        }
        words.append(":\n").append(Visible.without(instruction.text()).strip()).append('\n');
      }
    }
    if (!language.isBlank()) {
      words.append("\nWrite the summary and every claim in ").append(language).append(".\n");
    }
    return words.toString();
  }
}
