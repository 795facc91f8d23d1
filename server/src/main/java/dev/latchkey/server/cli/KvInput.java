package dev.latchkey.server.cli;

import dev.latchkey.kv.Codec;
import dev.latchkey.kv.DatabaseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;

/// The value that `latchkey kv … put` is given.
final class KvInput {
  private static final int LIMIT = DatabaseOptions.defaults().maxValueBytes();

  /// Two digits for a byte, and line breaks.
  private static final int HEX_LIMIT = 3 * LIMIT;

  /// What the JVM makes of an argument's bytes where they are no text in the locale's encoding.
  private static final char UNREADABLE = '\uFFFD';

  private KvInput() {}

  /// @param word the value, or `-` for all of the input
  /// @param hex whether it is hexadecimal digits
  static byte[] value(String word, boolean hex, InputStream in) {
    byte[] value = word.equals("-") ? ofInput(hex, in) : ofWord(word, hex);
    if (value.length > LIMIT) {
      throw tooLarge();
    }
    return value;
  }

  private static byte[] ofWord(String word, boolean hex) {
    return hex ? digits(word) : Codec.text().encode(readable("the value", word));
  }

  private static byte[] ofInput(boolean hex, InputStream in) {
    byte[] bytes = bounded(in, hex ? HEX_LIMIT : LIMIT);
    try {
      String text = Codec.text().decode(bytes);
      // What is text is kept as it came, a line break at its end included.
      return hex ? digits(text) : bytes;
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "standard input is not UTF-8 text: give it as digits, with --hex", e);
    }
  }

  /// Refuses an argument that the locale has made something else of.
  static String readable(String what, String argument) {
    if (argument.indexOf(UNREADABLE) >= 0) {
      throw new UsageException(
          what
              + " can't be read in this locale's encoding: set LC_ALL=C.UTF-8, or give the value"
              + " on standard input or with --hex");
    }
    return argument;
  }

  private static byte[] digits(String text) {
    try {
      return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
    } catch (IllegalArgumentException e) {
      // The cause would repeat the value.
      throw new UsageException(
          "with --hex a value is two digits, 0 to 9 and a to f, for each byte");
    }
  }

  private static byte[] bounded(InputStream in, int limit) {
    try {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw tooLarge();
      }
      return bytes;
    } catch (IOException e) {
      throw new UsageException("standard input can't be read", e);
    }
  }

  private static UsageException tooLarge() {
    return new UsageException("the value has more than " + LIMIT + " bytes");
  }
}
