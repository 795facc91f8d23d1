package dev.latchkey.review;

import dev.latchkey.review.PromptLines.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/// What a model may get wrong in naming and quoting a line.
///
/// Those that keep the words ([#findable]) name a line which can be found again.
enum Misquote {
  NONE("nothing wrong", 0, 1),
  ABOVE_1("number less 1", -1, 1),
  BELOW_1("number plus 1", 1, 1),
  ABOVE_2("number less 2", -2, 1),
  BELOW_2("number plus 2", 2, 1),
  ABOVE_3("number less 3", -3, 1),
  BELOW_3("number plus 3", 3, 1),
  ABOVE_5("number less 5", -5, 1),
  BELOW_5("number plus 5", 5, 1),
  ABOVE_20("number less 20", -20, 1),
  BELOW_20("number plus 20", 20, 1),
  OUTER_SPACE("outer white space changed", 0, 1),
  CARRIAGE_RETURN("carriage return behind", 0, 1),
  AGAIN("line that stands again in its hunk", 0, 1),
  AGAIN_ABOVE_1("the same, number less 1", -1, 1),
  AGAIN_BELOW_2("the same, number plus 2", 2, 1),
  TWO_LINES("2 lines", 0, 2),
  TWO_LINES_BELOW_1("2 lines, number plus 1", 1, 2),
  THREE_LINES("3 lines", 0, 3),
  THREE_LINES_ABOVE_2("3 lines, number less 2", -2, 3),
  SHORT("a line of 1 to 3 characters", 0, 1),
  INNER_SPACE("inner white space changed", 0, 1),
  HALF("half a line", 0, 1),
  SKIPPED_LINE("2 lines, the one between left out", 0, 3),
  OTHER_SIDE("the other side", 0, 1),
  OTHER_FILE("a line of another file", 0, 1);

  final String words;
  private final int off;
  private final int count;

  Misquote(String words, int off, int count) {
    this.words = words;
    this.off = off;
    this.count = count;
  }

  /// One finding as the model writes it.
  ///
  /// @param meant the first line the model means
  /// @param line the number it gives
  /// @param quote the lines it quotes, without outer white space
  /// @param written the quote as it writes it
  record Attempt(
      Misquote misquote, Shown meant, Side side, int line, List<String> quote, String written) {}

  /// Whether the line meant is the one to be found, under whatever number.
  boolean findable() {
    return switch (this) {
      case SHORT, INNER_SPACE, HALF, SKIPPED_LINE, OTHER_SIDE, OTHER_FILE -> false;
      default -> true;
    };
  }

  private boolean again() {
    return this == AGAIN || this == AGAIN_ABOVE_1 || this == AGAIN_BELOW_2;
  }

  /// The mistake made about a line, if it can be made there.
  Optional<Attempt> about(Shown meant, PromptLines prompt, Random random) {
    List<Shown> run = prompt.run(meant.file(), meant.side(), meant.number(), count);
    boolean blank = run.getFirst().bare().isEmpty() || run.getLast().bare().isEmpty();
    if (run.size() < count || blank || meant.number() + off < 1 || !fits(meant.bare())) {
      return Optional.empty();
    }
    if (again() && prompt.all().stream().filter(line -> twins(line, meant)).count() < 2) {
      return Optional.empty();
    }
    Side side = this == OTHER_SIDE ? other(meant.side()) : meant.side();
    List<String> quote = new ArrayList<>(run.stream().map(Shown::bare).toList());
    switch (this) {
      case INNER_SPACE -> quote.set(0, quote.getFirst().replaceFirst("(\\S)\\s", "$1   "));
      case HALF -> quote.set(0, half(quote.getFirst()));
      case SKIPPED_LINE -> quote.remove(1);
      case OTHER_FILE -> quote.set(0, elsewhere(meant, prompt, random));
      default -> {}
    }
    boolean unchanged = !findable() && quote.equals(run.stream().map(Shown::bare).toList());
    if (quote.getFirst().isEmpty() || (unchanged && this != OTHER_SIDE && this != SHORT)) {
      return Optional.empty();
    }
    return Optional.of(
        new Attempt(this, meant, side, meant.number() + off, quote, written(run, quote)));
  }

  /// A single line is long enough to tell a place, but for the mistake which is that it is not.
  private boolean fits(String text) {
    boolean isShort = text.codePointCount(0, text.length()) < 4;
    return count > 1 || isShort == (this == SHORT);
  }

  private static boolean twins(Shown one, Shown other) {
    return one.file().equals(other.file())
        && one.hunk() == other.hunk()
        && one.side() == other.side()
        && one.bare().equals(other.bare());
  }

  private static Side other(Side side) {
    return side == Side.LEFT ? Side.RIGHT : Side.LEFT;
  }

  private static String half(String text) {
    int middle = text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2);
    return text.substring(0, middle).strip();
  }

  private static String elsewhere(Shown meant, PromptLines prompt, Random random) {
    List<Shown> others =
        prompt.all().stream().filter(line -> !line.file().equals(meant.file())).toList();
    return others.isEmpty() ? "" : others.get(random.nextInt(others.size())).bare();
  }

  private String written(List<Shown> run, List<String> quote) {
    if (this == OUTER_SPACE) {
      return "\t " + quote.getFirst() + "  \n";
    }
    if (this == CARRIAGE_RETURN) {
      return quote.getFirst() + "\r\n";
    }
    return findable()
        ? run.stream().map(Shown::text).collect(Collectors.joining("\n"))
        : String.join("\n", quote);
  }
}
