package dev.latchkey.review;

/// A file's lines as the prompt shows them, each with its side and number.
final class Numbered {
  private Numbered() {}

  /// `R123 +text`, `R124 text` or `L45 -text`.
  static String line(DiffLine line) {
    char mark =
        switch (line.kind()) {
          case ADDED -> '+';
          case CONTEXT -> ' ';
          case DELETED -> '-';
        };
    char side = line.side() == Side.LEFT ? 'L' : 'R';
    return side + Integer.toString(line.number()) + ' ' + mark + Visible.line(line.bytes().text());
  }

  static String id(int index) {
    return "F" + (index + 1);
  }

  static String header(int index, FileDiff file) {
    return id(index) + ' ' + Secrets.masked(Visible.path(file.path()));
  }

  /// The whole chunk: for each file its header and lines, an empty line between hunks.
  static void append(StringBuilder text, Iterable<FileDiff> files) {
    int index = 0;
    for (FileDiff file : files) {
      text.append('\n').append(header(index++, file)).append('\n');
      boolean first = true;
      for (Hunk hunk : file.hunks()) {
        text.append(first ? "" : "\n");
        first = false;
        hunk.lines().forEach(line -> text.append(line(line)).append('\n'));
      }
    }
  }
}
