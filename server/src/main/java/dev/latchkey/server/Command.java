package dev.latchkey.server;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a comment tells the server to do.
///
/// @param name which one
/// @param words what follows it, separated by single spaces, in lower case; at most 100 characters
record Command(Name name, String words) {

  private static final int MAX_WORDS = 100;

  /// The commands.
  enum Name {
    REVIEW("see to the present head now, past skips"),
    PAUSE("leave this pull request alone"),
    RESUME("see to it again"),
    DISMISS("in a finding's thread: never tell it again here"),
    CONFIG("show what is in force, and from where"),
    HELP("show this list");

    private final String meaning;

    Name(String meaning) {
      this.meaning = meaning;
    }

    /// As it is written in a comment.
    String slash() {
      return "/" + name().toLowerCase(Locale.ROOT);
    }
  }

  /// Reads a comment: its first line that isn't blank has to be a command. Others are none of ours,
  /// also those of other Apps.
  static Optional<Command> parse(String comment) {
    String line =
        comment.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    List<String> words = List.of(line.toLowerCase(Locale.ROOT).split("\\s+"));
    for (Name name : Name.values()) {
      if (words.getFirst().equals(name.slash())) {
        String rest = String.join(" ", words.subList(1, words.size()));
        return Optional.of(
            new Command(name, rest.substring(0, Math.min(MAX_WORDS, rest.length()))));
      }
    }
    return Optional.empty();
  }

  /// Whether a new round is asked for.
  boolean full() {
    return name == Name.REVIEW && words.equals("full");
  }

  /// Whether what follows the command is understood. Elsewhere than here, it is somebody's reason.
  boolean understood() {
    return name != Name.REVIEW || words.isEmpty() || full();
  }

  /// Returns the list of commands, as Markdown.
  static String help() {
    StringBuilder list = new StringBuilder();
    for (Name name : Name.values()) {
      list.append("- `%s`: %s\n".formatted(name.slash(), name.meaning));
      if (name == Name.REVIEW) {
        list.append("- `/review full`: review the present head again, in a new round\n");
      }
    }
    return list.toString();
  }
}
