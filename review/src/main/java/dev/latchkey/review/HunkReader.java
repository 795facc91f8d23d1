package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;

/// Reads hunks. How many lines belong to one is what its header says; a line's first byte only says
/// on which sides it stands.
final class HunkReader {
  private final Lines lines;
  private int oldEnd;
  private int newEnd;

  HunkReader(Lines lines) {
    this.lines = lines;
  }

  /// Reads all hunks from here on.
  List<Hunk> readAll() {
    oldEnd = 0;
    newEnd = 0;
    List<Hunk> hunks = new ArrayList<>();
    while (lines.more() && lines.starts("@@")) {
      hunks.add(read());
    }
    return hunks;
  }

  private Hunk read() {
    if (lines.starts("@@@")) {
      throw combined();
    }
    HunkHeader header = HunkHeader.of(lines);
    checkOrder(header);
    lines.advance();
    Body body = new Body(header);
    while (body.wantsMore()) {
      if (!lines.more()) {
        throw damaged("the diff ends inside a hunk");
      }
      body.take();
      lines.advance();
    }
    if (lines.more() && lines.first() == '\\') {
      body.endWithoutLineFeed();
      lines.advance();
    }
    return new Hunk(
        header.oldStart(), header.oldCount(), header.newStart(), header.newCount(), body.taken);
  }

  private void checkOrder(HunkHeader header) {
    if (header.oldFirst() < oldEnd || header.newFirst() < newEnd) {
      throw damaged("the hunk begins before the end of the one above it");
    }
    oldEnd = header.oldFirst() + header.oldCount();
    newEnd = header.newFirst() + header.newCount();
  }

  static DiffException combined() {
    return new DiffException(
        "this is a combined diff, as git shows it for a merge, and has no single line numbers:"
            + " give the difference of two revisions, git diff A...B");
  }

  private DiffException damaged(String what) {
    return new DiffException(
        "line " + lines.number() + ": " + what + "; the diff is cut or damaged");
  }

  /// The lines of one hunk while they are read.
  private final class Body {
    private final List<DiffLine> taken = new ArrayList<>();
    private int oldNumber;
    private int newNumber;
    private int oldLeft;
    private int newLeft;

    Body(HunkHeader header) {
      oldNumber = header.oldStart();
      newNumber = header.newStart();
      oldLeft = header.oldCount();
      newLeft = header.newCount();
    }

    boolean wantsMore() {
      return oldLeft > 0 || newLeft > 0;
    }

    void take() {
      switch (lines.first()) {
        case '+' -> add(DiffLine.Kind.ADDED);
        case '-' -> add(DiffLine.Kind.DELETED);
        // Some tools strip the blank at the end of an empty context line; git apply takes it too.
        case ' ', -1 -> add(DiffLine.Kind.CONTEXT);
        case '\\' -> endWithoutLineFeed();
        default -> throw damaged("neither an added, a deleted nor an unchanged line in a hunk");
      }
    }

    private void add(DiffLine.Kind kind) {
      boolean before = kind != DiffLine.Kind.ADDED;
      boolean after = kind != DiffLine.Kind.DELETED;
      if ((before && oldLeft == 0) || (after && newLeft == 0)) {
        throw damaged("more lines on one side than the hunk's header says");
      }
      Bytes bytes = lines.slice(Math.min(1, lines.length()));
      taken.add(new DiffLine(kind, before ? oldNumber : 0, after ? newNumber : 0, bytes, true));
      oldNumber += before ? 1 : 0;
      oldLeft -= before ? 1 : 0;
      newNumber += after ? 1 : 0;
      newLeft -= after ? 1 : 0;
    }

    void endWithoutLineFeed() {
      if (taken.isEmpty()) {
        throw damaged("a hunk begins with the mark of a missing line feed");
      }
      taken.add(taken.removeLast().unterminated());
    }
  }
}
