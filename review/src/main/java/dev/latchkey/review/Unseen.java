package dev.latchkey.review;

import java.util.ArrayList;
import java.util.List;

/// Characters in source that can't be seen, or change the order in which others are shown.
final class Unseen {
  private static final int BYTE_ORDER_MARK = 0xFEFF;
  private static final int NON_JOINER = 0x200C;
  private static final int JOINER = 0x200D;

  private Unseen() {}

  /// The code points of a line that can't be seen, in order. Control characters are none of them:
  /// editors show those. Nor are a byte order mark at the file's beginning, and joiners between
  /// characters beyond ASCII, where scripts and emoji need them.
  ///
  /// @param first whether it is the file's first line
  static List<Integer> in(String text, boolean first) {
    List<Integer> unseen = new ArrayList<>();
    int before = 0;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      int next = at + Character.charCount(c);
      if (c > 0x7F && isUnseen(c) && !(first && at == 0 && c == BYTE_ORDER_MARK)) {
        int after = next < text.length() ? text.codePointAt(next) : 0;
        boolean joins = (c == JOINER || c == NON_JOINER) && before > 0x7F && after > 0x7F;
        if (!joins) {
          unseen.add(c);
        }
      }
      before = c;
      at = next;
    }
    return unseen;
  }

  private static boolean isUnseen(int c) {
    return switch (Character.getType(c)) {
      // An invalid byte, and a control character of Latin-1, are not meant here.
      case Character.SURROGATE, Character.CONTROL -> false;
      default -> Visible.hidden(c);
    };
  }

  /// Whether a character changes the direction of text (Unicode's bidirectional controls).
  static boolean turnsText(int c) {
    return (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200E
        || c == 0x200F
        || c == 0x61C;
  }
}
