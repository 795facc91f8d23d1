package dev.latchkey.review;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// An immutable run of bytes. It shares the array it was cut from, which nobody may change.
public final class Bytes {
  private static final char ESCAPED_BYTE = 0xDC00;

  private final byte[] array;
  private final int from;
  private final int to;

  Bytes(byte[] array, int from, int to) {
    Objects.checkFromToIndex(from, to, array.length);
    this.array = array;
    this.from = from;
    this.to = to;
  }

  /// A copy of `bytes`.
  public static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone(), 0, bytes.length);
  }

  public int length() {
    return to - from;
  }

  /// The byte at `index`, 0 to `length() - 1`.
  public byte at(int index) {
    return array[from + Objects.checkIndex(index, length())];
  }

  /// A copy.
  public byte[] toArray() {
    return Arrays.copyOfRange(array, from, to);
  }

  /// The bytes as UTF-8, without loss: a byte `b` that is no part of valid UTF-8 becomes the lone
  /// surrogate `U+DC00 + b`, which no valid UTF-8 decodes to (the rule is that of Python's PEP
  /// 383).
  public String text() {
    return decode(array, from, to);
  }

  /// The bytes of which [#text()] makes this text.
  static Bytes ofText(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (c > ESCAPED_BYTE && c <= ESCAPED_BYTE + 0xFF) {
        bytes.write(c - ESCAPED_BYTE);
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return new Bytes(bytes.toByteArray(), 0, bytes.size());
  }

  static String decode(byte[] array, int from, int to) {
    StringBuilder text = new StringBuilder(to - from);
    int at = from;
    while (at < to) {
      int length = sequenceLength(array, at, to);
      switch (length) {
        case 0 -> text.append((char) (ESCAPED_BYTE + (array[at] & 0xFF)));
        case 1 -> text.append((char) array[at]);
        default -> text.appendCodePoint(codePoint(array, at, length));
      }
      at += Math.max(1, length);
    }
    return text.toString();
  }

  /// The length of the well-formed sequence at `at` (Unicode 16, table 3-7), or 0 if there is none.
  private static int sequenceLength(byte[] array, int at, int to) {
    int first = array[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || at + length > to) {
      return 0;
    }
    int second = array[at + 1] & 0xFF;
    int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((array[at + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  private static int codePoint(byte[] array, int at, int length) {
    int value = array[at] & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      value = value << 6 | (array[at + i] & 0x3F);
    }
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(array, from, to, that.array, that.from, that.to);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  @Override
  public String toString() {
    return text();
  }
}
