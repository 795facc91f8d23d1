package dev.latchkey.review;

/// The numbers of `@@ -1,2 +3,4 @@`; a count that is left out is 1.
record HunkHeader(int oldStart, int oldCount, int newStart, int newCount) {
  /// Reads the header the cursor stands on, without moving it.
  static HunkHeader of(Lines lines) {
    Reader reader = new Reader(lines.header(0), lines.number());
    reader.expect("@@ -");
    int oldStart = reader.number();
    int oldCount = reader.count();
    reader.expect(" +");
    int newStart = reader.number();
    int newCount = reader.count();
    reader.expect(" @@");
    HunkHeader header = new HunkHeader(oldStart, oldCount, newStart, newCount);
    if (!header.possible()) {
      throw reader.malformed();
    }
    return header;
  }

  /// The number of the first line before the change, or of the one that would be.
  int oldFirst() {
    return oldCount == 0 ? oldStart + 1 : oldStart;
  }

  int newFirst() {
    return newCount == 0 ? newStart + 1 : newStart;
  }

  private boolean possible() {
    return (oldCount > 0 || newCount > 0)
        && (oldStart > 0 || oldCount == 0)
        && (newStart > 0 || newCount == 0)
        && (long) oldStart + oldCount < Integer.MAX_VALUE
        && (long) newStart + newCount < Integer.MAX_VALUE;
  }

  private static final class Reader {
    private final String text;
    private final int lineNumber;
    private int at;

    Reader(String text, int lineNumber) {
      this.text = text;
      this.lineNumber = lineNumber;
    }

    void expect(String part) {
      if (!text.startsWith(part, at)) {
        throw malformed();
      }
      at += part.length();
    }

    int number() {
      int start = at;
      long value = 0;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        value = value * 10 + (text.charAt(at) - '0');
        if (value > Integer.MAX_VALUE) {
          throw malformed();
        }
        at++;
      }
      if (at == start) {
        throw malformed();
      }
      return (int) value;
    }

    int count() {
      if (!text.startsWith(",", at)) {
        return 1;
      }
      at++;
      return number();
    }

    DiffException malformed() {
      return new DiffException(
          "line " + lineNumber + ": not a hunk header of the form @@ -1,2 +3,4 @@");
    }
  }
}
