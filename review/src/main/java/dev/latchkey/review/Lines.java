package dev.latchkey.review;

import java.nio.charset.StandardCharsets;

/// A cursor over the lines of a text. Only a line feed ends a line: a carriage return, a form feed
/// or U+2028 is a byte like any other.
final class Lines {
  private final byte[] text;
  private int from;
  private int to;
  private int number = 1;

  Lines(byte[] text) {
    this.text = text;
    this.to = end(0);
  }

  private int end(int start) {
    int at = start;
    while (at < text.length && text[at] != '\n') {
      at++;
    }
    return at;
  }

  /// Whether there is a line here. What follows the last line feed is one only if it is not empty.
  boolean more() {
    return from < text.length;
  }

  void advance() {
    from = Math.min(text.length, to + 1);
    to = end(from);
    number++;
  }

  /// The number of the line in the text, from 1.
  int number() {
    return number;
  }

  int length() {
    return to - from;
  }

  int first() {
    return from < to ? text[from] : -1;
  }

  boolean starts(String ascii) {
    if (ascii.length() > length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (text[from + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// The line without its first `skip` bytes, sharing the text's array.
  Bytes slice(int skip) {
    return new Bytes(text, from + skip, to);
  }

  /// The line without its first `skip` bytes and without a carriage return at its end, a character
  /// for each byte. Headers are read so: a diff saved with CRLF has them at the end of headers too.
  String header(int skip) {
    int end = to > from + skip && text[to - 1] == '\r' ? to - 1 : to;
    return new String(text, from + skip, end - from - skip, StandardCharsets.ISO_8859_1);
  }
}
